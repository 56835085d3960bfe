"""Lints sources that a test writes, through the same door as the command."""

import textwrap

import pytest

from lapwing.model.lint_options import LintOptions
from lapwing.operations.lint_files import lint_files


@pytest.fixture
def findings_in(tmp_path):
    """(source, options by name) -> the findings in that test file, files beside it written first."""

    def lint(source: str, beside: dict[str, str] | None = None, name: str = "tests/test_it.py", **options):
        (tmp_path / "setup.cfg").touch()
        for path, text in {**(beside or {}), name: source}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text))
        return lint_files([name], LintOptions(**options), working_folder=tmp_path).findings

    return lint


@pytest.fixture
def places_in(findings_in):
    """The same, as (code, line) of what fails the hook."""

    def lint(*arguments, **options):
        return [(each.code, each.line) for each in findings_in(*arguments, **options) if each.gate]

    return lint
