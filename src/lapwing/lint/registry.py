"""The rules by code, each imported when it is first needed."""

import importlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, Protocol

from lapwing.lint.view import Seen, View
from lapwing.model.finding import RuleFacts


class Rule(Protocol):
    """What a module of `rules` offers."""

    CODE: str
    NAME: str
    ADVICE: str  # what to do instead, in one sentence
    check: Callable[[View], Iterator[Seen]]


NAMES: Final = {
    "LW101": "real-sleep",
    "LW102": "real-http",
    "LW103": "real-process",
    "LW104": "real-socket",
    "LW105": "polling-loop",
    "LW106": "unbounded-wait",
    "LW107": "heavy-function-fixture",
    "LW108": "heavy-autouse",
    "LW109": "heavy-import",
    "LW110": "parameter-explosion",
    "LW111": "sleeping-retry",
    "LW112": "real-clock-timeout",
    "LW113": "slow-test-without-mark",
    "LW114": "unused-suppression",
}
"""Code -> name of every rule that looks at one file."""

BROKEN_FILE: Final = "LW100"
BROKEN_SUMMARY: Final = (
    "A file that cannot be read or is no valid Python, so that nothing can be said about it."
)


@cache
def rule(code: str) -> Rule:
    """The rule of a code. Raises KeyError for a code that there is not."""
    module = NAMES[code].replace("-", "_")
    return importlib.import_module(f"lapwing.lint.rules.{module}")


def facts() -> dict[str, RuleFacts]:
    """What reports say of each rule, by code; of files that cannot be read too."""
    broken = RuleFacts(BROKEN_FILE, "broken-file", BROKEN_SUMMARY, "", BROKEN_SUMMARY)
    return {BROKEN_FILE: broken, **{code: facts_of(code) for code in NAMES}}


def facts_of(code: str) -> RuleFacts:
    """What reports say of one rule. Raises KeyError for a code that there is not."""
    found = rule(code)
    page = (found.__doc__ or "").strip()
    return RuleFacts(code, found.NAME, page.partition("\n")[0], found.ADVICE, page)


def code_of(word: str) -> str | None:
    """The code that `word` is, or whose rule has it as its name."""
    return next((code for code, name in NAMES.items() if word.upper() == code or word == name), None)


def chosen_codes(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[str, ...]:
    """The codes that `select` names (all if it is empty) without those of `ignore`; both by code, its
    beginning, or name.
    """
    return tuple(
        code for code in NAMES if (not select or names_code(select, code)) and not names_code(ignore, code)
    )


def names_code(words: tuple[str, ...], code: str) -> bool:
    """Whether one of `words` is `code`, the beginning of it, or its rule's name."""
    return any(code.startswith(word.upper()) or word == NAMES.get(code) for word in words if word)
