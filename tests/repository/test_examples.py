"""The page of examples is up to date."""

from dev.examples import EXAMPLES, PAGE, page


def test_examples_are_up_to_date(tmp_path):
    shown = PAGE.read_text(encoding="utf-8")
    assert page(tmp_path) == shown, "run make examples"


def test_every_example_has_a_tree():
    shown = PAGE.read_text(encoding="utf-8")
    assert shown.count("└── tests/") + shown.count("├── tests/") == len(EXAMPLES)
