"""Makes the generated pages of docs/reference from what they describe, and two files of the package.

The files are the table of defaults and a new store, ready made.

    python docs/generate.py            write the pages
    python docs/generate.py --check    fail if a page is not what would be written

The pages are committed, so that they can be read without building anything; a test keeps them true.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lapwing.api.reference import api_markdown
from lapwing.cli.main import build_parser
from lapwing.config.defaults_page import defaults_source
from lapwing.config.reference import options_markdown
from lapwing.model.finding import RuleFacts
from lapwing.operations.lint_rules import all_rules
from lapwing.store.new_store import READY_MADE
from lapwing.store.new_store_file import is_new_store_file_current, new_store_file
from lapwing.store.schema_page import postgresql_markdown, schema_markdown

REFERENCE = Path(__file__).resolve().parent / "reference"
DEFAULTS = Path(__file__).resolve().parents[1] / "src" / "lapwing" / "config" / "defaults.py"
EXIT_CODES = "Exit codes: 0 fine, 1 found something, 2 could not do it, 130 interrupted."
RULES_HEAD = """\
# Rules of lint

`lapwing lint` looks for these. A finding that fails the hook is one whose reason stands in the code; the
others inform. [What counts as mocked](../explanation/lint.md) and [how to let one place
through](../how-to/lint-tests.md) are told elsewhere; `lapwing lint --explain CODE` prints a rule's page.
"""
FIRST_LINE = "<!-- Made by docs/generate.py; changes here are lost. -->\n\n"
FIRST_LINE_OF_MANUAL = '.\\" Made by docs/generate.py; changes here are lost.\n'


def pages() -> dict[str, str]:
    """The text of every generated page by its file name."""
    texts = {
        "api.md": api_markdown(),
        "cli.md": cli_markdown(),
        "configuration.md": options_markdown(),
        "store.md": schema_markdown(),
        "store-postgresql.md": postgresql_markdown(),
        "lint.md": rules_markdown(),
        **{f"lint/{rule.code}.md": rule_markdown(rule) for rule in all_rules().values()},
    }
    written = {
        name: FIRST_LINE + re.sub(r"\n{3,}", "\n\n", text.rstrip()) + "\n" for name, text in texts.items()
    }
    return {**written, "lapwing.1": FIRST_LINE_OF_MANUAL + "\n".join(manual_lines()) + "\n"}


def cli_markdown() -> str:
    """The page of the command line, from the parsers: the same on every Python, unlike their help."""
    parser = build_parser()
    lines = ["# Command line", "", f"{parser.description}", "", EXIT_CODES, ""]
    lines += ["| verb | what it does |", "| --- | --- |"]
    verbs = subcommands(parser)
    lines += [f"| [`{name}`](#lapwing-{name}) | {summary} |" for name, summary, _ in verbs]
    for name, _, verb in verbs:
        lines += ["", *command_section(f"lapwing {name}", verb, level=2)]
    return "\n".join(lines)


def manual_lines() -> Iterator[str]:
    """The page of `man lapwing`, in the macros of man(7)."""
    parser = build_parser()
    yield '.TH LAPWING 1 "" "lapwing" "User commands"'
    yield from (".SH NAME", r"lapwing \- see where a test suite\(aqs time goes, and what made it slower")
    yield from (".SH SYNOPSIS", ".B lapwing", r"[\-\-root DIR] [\-\-store URL] VERB ...")
    yield from (".SH DESCRIPTION", roff(f"{parser.description}"), roff(EXIT_CODES), ".SH VERBS")
    for name, _, verb in subcommands(parser):
        yield from manual_section(f"lapwing {name}", verb)


def manual_section(command: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """A command in the manual: its text, its arguments, and the commands inside it."""
    yield f".SS {roff(command)}"
    for at, paragraph in enumerate(re.split(r"\n\s*\n", (parser.description or "").strip())):
        is_block = "\n  " in paragraph
        yield from ([".PP"] if at else [])
        yield from ([".nf"] if is_block else [])
        yield from (roff(line) for line in paragraph.splitlines())
        yield from ([".fi"] if is_block else [])
    for action in filter(is_shown, parser._actions):
        yield from (".TP", rf"\fB{roff(written(action))}\fR", roff(help_of(action, parser)))
    for name, summary, inner in subcommands(parser):
        inner.description = inner.description or f"{summary[:1].upper()}{summary[1:]}."
        yield from manual_section(f"{command} {name}", inner)


def roff(text: str) -> str:
    """Text that troff prints as it is."""
    safe = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace(r"\e|", "|")
    return rf"\&{safe}" if safe.startswith((".", "'")) else safe


def rules_markdown() -> str:
    """The list of lint's rules."""
    rows = [
        f"| [{rule.code}](lint/{rule.code}.md) | `{rule.name}` | {rule.summary} |"
        for rule in all_rules().values()
    ]
    return "\n".join([RULES_HEAD, "| code | name | sees |", "| --- | --- | --- |", *rows])


def rule_markdown(rule: RuleFacts) -> str:
    """The page of one rule: its docstring."""
    return f"# {rule.code} {rule.name}\n\n{rule.page}"


def command_section(command: str, parser: argparse.ArgumentParser, *, level: int) -> Iterator[str]:
    """A command: its text, its arguments, and below them the commands inside it."""
    yield f"{'#' * level} {command}"
    yield ""
    yield from description(parser.description or "")
    rows = [argument_row(action, parser) for action in parser._actions if is_shown(action)]
    if rows:
        yield from ("| argument | meaning |", "| --- | --- |", *rows, "")
    for name, summary, inner in subcommands(parser):
        inner.description = inner.description or f"{summary[:1].upper()}{summary[1:]}."
        yield from command_section(f"{command} {name}", inner, level=level + 1)


def description(text: str) -> Iterator[str]:
    """Paragraphs; indented lines below a line that ends in a colon become a block."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        plain = [line for line in paragraph.splitlines() if not line.startswith("  ")]
        block = [line[2:] for line in paragraph.splitlines() if line.startswith("  ")]
        if plain:
            yield from (*(escaped(line) for line in plain), "")
        if block:
            yield from ("```text", *block, "```", "")


def argument_row(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """One row of the table: how it is written, what it means."""
    return f"| `{written(action)}` | {escaped(help_of(action, parser))} |"


def help_of(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """What an argument means."""
    return ((action.help or "") % {**vars(action), "prog": parser.prog}).replace("%%", "%")


def written(action: argparse.Action) -> str:
    """An argument as it is typed."""
    if action.choices is not None and action.metavar is None:
        value = f"{{{','.join(str(choice) for choice in action.choices)}}}"
    else:
        value = str(action.metavar or action.dest.upper())
    if not action.option_strings:
        return value.replace("|", "\\|")
    flags = ", ".join(action.option_strings)
    return flags if action.nargs == 0 else f"{flags} {value}".replace("|", "\\|")


def is_shown(action: argparse.Action) -> bool:
    """Whether an argument has a row: help and commands have not."""
    hidden = isinstance(action, (argparse._HelpAction, argparse._SubParsersAction))
    return not hidden and action.help is not argparse.SUPPRESS


def subcommands(parser: argparse.ArgumentParser) -> list[tuple[str, str, argparse.ArgumentParser]]:
    """Name, summary and parser of each command inside, in order."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            found += [(name, summaries.get(name, ""), inner) for name, inner in action.choices.items()]
    return found


def escaped(text: str) -> str:
    """Text that Markdown shows as it is; what stands in single quotes becomes code."""
    quoted = re.split(r"(?<!\w)'([^'\n]+)'(?!\w)", text)
    for at, part in enumerate(quoted):
        is_code = at % 2 == 1
        quoted[at] = f"`{part}`" if is_code else re.sub(r"([*_<>|\[\]])", r"\\\1", part)
    return "".join(quoted)


def main() -> int:
    """Write the pages, or compare them; 1 if a page is not current."""
    is_check = "--check" in sys.argv[1:]
    stale = []
    targets = {REFERENCE / name: text for name, text in pages().items()}
    for path, text in {**targets, DEFAULTS: defaults_source()}.items():
        name = path.name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not is_check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.name}")
    if not is_new_store_file_current():
        stale.append(READY_MADE.name)
        if not is_check:
            READY_MADE.write_bytes(new_store_file())
            print(f"wrote {READY_MADE.name}")
    if is_check and stale:
        print(f"not current: {', '.join(stale)}; run 'make docs-pages'", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
