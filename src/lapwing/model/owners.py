"""Who looks after which files: the rules of a CODEOWNERS file. Pure.

Patterns are read as GitHub and GitLab do: those of gitignore without `!` and brackets; the last that fits
wins.
https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from lapwing.model.value import Value


class Owners(Value):
    """Rules in the order written: an expression that paths match from their beginning, and who owns those."""

    rules: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, nodeid: str) -> tuple[str, ...]:
        """Who owns the file of a test; nobody where no rule fits, or the last that does names nobody."""
        return _owners(self.rules, nodeid.partition("::")[0].partition("[")[0])


def parse_owners(lines: Iterable[str]) -> Owners:
    """The rules of a CODEOWNERS file. Sections of GitLab and patterns that it would refuse are left out."""
    rules = []
    for line in lines:
        words = re.split(r"(?<!\\)\s+", re.sub(r"(^|\s)#.*", "", line).strip())
        pattern = words[0].replace("\\ ", " ").replace("\\#", "#")
        if pattern and not pattern.startswith(("[", "^[", "!")):
            rules.append((_expression(pattern), tuple(words[1:])))
    return Owners(tuple(rules))


@lru_cache(maxsize=20_000)
def _owners(rules: tuple[tuple[str, tuple[str, ...]], ...], path: str) -> tuple[str, ...]:
    for expression, names in reversed(rules):
        if re.match(expression, path):
            return names
    return ()


def _expression(pattern: str) -> str:
    """A pattern without a slash before its end fits in every folder; one of a folder fits all below it."""
    is_anchored = "/" in pattern.rstrip("/")
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.lstrip("/"))
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    said = "".join(words.get(part, re.escape(part)) for part in parts)
    start = "" if is_anchored or pattern.startswith("/") else "(?:.*/)?"
    # `docs/*` means the files of that folder alone; everything else covers what lies below it, too.
    end = r"\Z" if pattern.endswith("/*") else "" if pattern.endswith("/") else r"(?:/|\Z)"
    return start + said + end
