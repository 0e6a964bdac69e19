"""Imports between tools, hooks and tests point in one direction."""

import ast
from collections import Counter

from dev.variants import TEMPLATE

PYTHON = {
    ".".join(path.relative_to(TEMPLATE).with_suffix("").parts): path
    for folder in ("dev", "hooks", "tests")
    for path in (TEMPLATE / folder).rglob("*.py")
}
MODULES = {
    name.removesuffix(".__init__"): ast.parse(path.read_text(encoding="utf-8"))
    for name, path in PYTHON.items()
}


def imports(name):
    """Return the modules of this repository that the module ``name`` imports."""
    found = set()
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & MODULES.keys() or {node.module}
    return found & MODULES.keys()


def test_imports_point_from_tests_to_tools_to_hooks():
    assert any(imports(each) for each in MODULES)
    for name in MODULES:
        folders = {each.partition(".")[0] for each in imports(name)}
        own = name.partition(".")[0]
        assert folders <= {"tests": {"dev", "hooks"}, "dev": {"dev", "hooks"}}.get(
            own, set()
        )


def test_fixture_names_are_unique():
    fixtures = Counter(
        node.name
        for name, module in MODULES.items()
        if name.startswith("tests.")
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if "fixture" in ast.unparse(decorator)
    )
    assert fixtures
    assert [name for name, count in fixtures.items() if count > 1] == []
