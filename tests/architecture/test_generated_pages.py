"""The committed reference pages say what the code says."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["api.md", "cli.md", "configuration.md", "store.md", "lint.md", "lint/LW101.md", "lapwing.1"]
)
def test_a_reference_page_is_current(generate, name):
    expected = generate.pages()[name]

    page = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")

    assert page == expected, "run 'make docs-pages'"


def test_every_verb_and_each_of_its_flags_is_on_the_page(generate):
    parser = generate.build_parser()

    page = generate.cli_markdown()

    for verb, _, inner in generate.subcommands(parser):
        assert f"\n## lapwing {verb}\n" in page
        flags = [
            flag
            for action in inner._actions
            for flag in action.option_strings
            if flag not in ("-h", "--help")
        ]
        assert [flag for flag in flags if flag not in page] == []
