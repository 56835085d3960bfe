"""The examples of the page on measuring code are tests that pass."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "measure-code.md"
PIECE = re.compile(r"^## (.+?)$|^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples():
    heading = ""
    for title, code in PIECE.findall(PAGE.read_text(encoding="utf-8")):
        heading = title or heading
        if code:
            marks = [pytest.mark.slow_suite] if "instructions" in heading else []
            yield pytest.param(code, id=heading, marks=marks)


@pytest.mark.parametrize("code", [*examples()])
def test_an_example_passes_and_is_recorded(code, pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_example=code)

    result = pytester.runpytest_inprocess("-p", "lapwing.plugin", "--track-performance", "--strict-markers")

    assert result.ret == 0
    assert pytester.path.joinpath(".lapwing", "store.sqlite").exists()
