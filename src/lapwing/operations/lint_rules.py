"""What the rules of lint say of themselves."""

from collections.abc import Iterable

from lapwing.errors import ConfigurationError
from lapwing.lint.registry import NAMES, code_of, facts, facts_of
from lapwing.model.finding import RuleFacts


def explain_rule(word: str) -> RuleFacts:
    """The facts of the rule with this code or name. Raises ConfigurationError where there is none."""
    code = code_of(word)
    if code is None:
        known = ", ".join(f"{each} {name}" for each, name in NAMES.items())
        raise ConfigurationError(f"there is no rule {word!r}", where="lint", mend=f"Rules are: {known}.")
    return facts_of(code)


def rules_of(codes: Iterable[str]) -> dict[str, RuleFacts]:
    """The facts of some rules, by code; those of files that cannot be read are left out."""
    return {code: facts_of(code) for code in sorted(set(codes)) if code in NAMES}


def all_rules() -> dict[str, RuleFacts]:
    """The facts of every rule, by code."""
    return facts()
