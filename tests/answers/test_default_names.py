"""The names derived from any title are accepted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.projects import asked, verbatim
from dev.rules import names_for, why_not
from hooks.pre_gen_project import NAMES

TAKEN = {question: names_for(question) for question in NAMES}
TITLES = {
    "Hello": ("hello", "hello"),
    "\N{PARTY POPPER}": ("hello", "hello"),
    "!!!": ("hello", "hello"),
    "Migrations": ("migrations", "migrations_app"),
    "Café Menü!": ("cafe-menu", "cafe_menu"),
    "日本": ("ri-ben", "ri_ben"),
    "3D Shop": ("app-3d-shop", "app_3d_shop"),
    "Order   Service (v2)": ("order-service-v2", "order_service_v2"),
    "Calendar": ("calendar", "calendar_app"),
    "TEST": ("test", "test_app"),
    "Test Views": ("test-views", "test_views_app"),
    "None": ("none", "none"),
    "Flask": ("flask-app", "flask_app"),
    "Flask App": ("flask-app", "flask_app"),
    "Python dotenv": ("python-dotenv-app", "python_dotenv_app"),
    "ＦＬＡＳＫ": ("flask-app", "flask_app"),
    "wordy " * 10: ("wordy-" * 7 + "word", "wordy_" * 7 + "word"),
}


@pytest.mark.parametrize("title", TITLES)
def test_names_are_derived_from_the_title(bake, title):
    project = bake(project_name=verbatim(title))
    assert (project.folder.name, project.name) == TITLES[title]


@pytest.mark.parametrize("question", TAKEN)
def test_default_avoids_every_taken_name(question):
    for number, name in enumerate(TAKEN[question]):
        words = re.split("[-_]", name)
        title = [" ".join(words).title(), name.upper(), name][number % 3]
        answers = asked(project_name=title)
        assert why_not("project_slug", answers["project_slug"]) is None
        assert why_not("module_name", answers["module_name"]) is None
        assert answers["module_name"].startswith(name.replace("-", "_"))


def test_default_module_name_is_accepted_for_every_accepted_slug():
    slugs = [name.replace("_", "-") for name in TAKEN["module_name"]]
    accepted = [slug for slug in slugs if why_not("project_slug", slug) is None]
    assert len(accepted) > 200
    for slug in accepted:
        name = asked(project_slug=slug)["module_name"]
        assert name == slug.replace("-", "_") + "_app"
        assert why_not("module_name", name) is None


@given(
    st.one_of(
        st.text(max_size=80),
        st.text("aZ9 -_.é", max_size=80),
        st.sampled_from([*TAKEN["module_name"], *TAKEN["project_slug"]]).flatmap(
            lambda name: st.sampled_from([f"{name}!", f" {name}", f"{name} App"])
        ),
    )
)
def test_default_is_accepted_for_any_title(title):
    answers = asked(project_name=verbatim(title))
    assert why_not("project_slug", answers["project_slug"]) is None
    assert why_not("module_name", answers["module_name"]) is None
