"""Every block of code in the documentation is one that its tool takes."""

import argparse
import ast
import importlib
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
import ruamel.yaml

from lapwing.cli.main import COMMANDS, build_parser
from lapwing.config.load import load_settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    place: str
    language: str
    text: str


def blocks_of(page):
    text = page.read_text(encoding="utf-8")
    for indent, language, inner in FENCE.findall(text):
        line = text[: text.index(inner)].count("\n") + 1
        dedented = re.sub(f"^{indent}", "", inner, flags=re.MULTILINE)
        yield Block(f"{page.relative_to(ROOT)}:{line}", language, dedented)


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def in_language(*languages):
    chosen = [block for block in BLOCKS if block.language in languages]
    return pytest.mark.parametrize("block", chosen, ids=[block.place for block in chosen])


def commands_of(block):
    """The words of each command after a prompt, up to where the shell takes over."""
    text = block.text.replace("\\\n", " ")
    for line in text.splitlines():
        if line.startswith("$ "):
            words = shlex.split(line[2:], comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            for at, word in enumerate(words):
                if word in (">", "|", "&&", ";", "||"):
                    words = words[:at]
                    break
            yield words


@in_language("python")
def test_python_parses(block):
    ast.parse(block.text)


@in_language("python")
def test_names_of_ours_can_be_imported(block):
    for node in ast.walk(ast.parse(block.text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "lapwing":
            module = importlib.import_module(node.module)
            assert [each.name for each in node.names if not hasattr(module, each.name)] == []


@in_language("json", "yaml")
def test_data_parses(block):
    list(ruamel.yaml.YAML(typ="safe").load_all(block.text))


@in_language("toml")
def test_settings_are_known_and_valid(block, tmp_path):
    tomllib.loads(block.text)
    (tmp_path / "pyproject.toml").write_text(block.text)

    settings = load_settings(tmp_path, environ={})

    assert settings.faults == ()


@in_language("console")
def test_commands_of_ours_are_understood(block):
    for words in commands_of(block):
        if words[0] == "lapwing" and words[1:2] != ["--version"]:
            assert words[1] in COMMANDS
            _, unknown = build_parser(words[1:]).parse_known_args(words[1:])
            assert unknown == []


def spans_of(page):
    """The words of each command of ours that stands between backticks in a sentence."""
    sentences = FENCE.sub("", page.read_text(encoding="utf-8"))
    for span in re.findall(r"`(lapwing [^`]+)`", sentences):
        yield shlex.split(span)


def flags_of(parser):
    """All flags of a parser and of the commands inside it."""
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found.update(*map(flags_of, action.choices.values()))
    return found


PRESENT = [page for page in PAGES if page.name != "CHANGELOG.md"]  # which also tells of what is gone


@pytest.mark.parametrize("page", PRESENT, ids=[str(page.relative_to(ROOT)) for page in PRESENT])
def test_commands_in_sentences_and_their_flags_exist(page):
    for words in spans_of(page):
        if not words[1].startswith("-"):
            assert words[1] in COMMANDS, words
            own = words[: words.index("--")] if "--" in words else words
            flags = {word.partition("=")[0] for word in own if word.startswith("--")}
            assert flags <= flags_of(build_parser([words[1]])), words


@in_language("console")
def test_targets_of_make_exist(block):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    for words in commands_of(block):
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets


@pytest.fixture(scope="session")
def flags_of_pytest():
    """All long flags that pytest knows with the plugins that the documentation speaks of."""
    command = [sys.executable, "-m", "pytest", "--help", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return set(re.findall(r"--[a-z][\w-]*", done.stdout))


@in_language("console")
def test_flags_for_pytest_exist(block, flags_of_pytest):
    for words in commands_of(block):
        if words[0] == "pytest":
            flags = {word.partition("=")[0] for word in words[1:] if word.startswith("--")}
            assert flags <= flags_of_pytest
