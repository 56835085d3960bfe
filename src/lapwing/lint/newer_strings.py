"""Formatted strings as Python 3.12 reads them: with their own quotes, line ends, comments and backslashes
inside their braces. Pure.
"""

import re
from typing import Final

_BEGIN: Final = re.compile(r"#[^\n]*|(?<![\w])([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_INSIDE: Final = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_DEEPEST: Final = 50


class _UnclearError(Exception):
    """The text ends inside a string, or a string is nested too deeply."""


def without_new_strings(text: str) -> str:
    """`text` with blanks in place of the strings that only Python 3.12 and later can read; lines stay where
    they are. Where strings do not end, `text` itself.
    """
    parts: list[str] = []
    last = at = 0
    try:
        while (found := _BEGIN.search(text, at)) is not None:
            at = found.end()
            if found[2] is not None:
                string = _String(text, found[2])
                at = string.end(at, found[1])
                if string.is_new:
                    parts += [text[last : found.start()], _blank(text[found.start() : at])]
                    last = at
    except _UnclearError:
        return text
    return "".join([*parts, text[last:]])


def _blank(string: str) -> str:
    lines = string.count("\n")
    return f"'''{chr(10) * lines}'''" if lines else f"'{' ' * (len(string) - 2)}'"


class _String:
    """One string and those in it. `is_new` once something was found that Python 3.11 cannot read."""

    def __init__(self, text: str, quote: str, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise _UnclearError
        self._text = text
        self._quote = quote
        self._depth = depth
        self.is_new = False

    def end(self, at: int, prefix: str) -> int:
        """The place behind the string whose content begins at `at`."""
        text, quote = self._text, self._quote
        is_formatted = any(letter in "ftFT" for letter in prefix)
        while at < len(text):
            if text.startswith(quote, at):
                return at + len(quote)
            if text[at] == "\\":
                self.is_new |= self._depth > 0
                at += 2
            elif text[at] == "\n" and len(quote) == 1:
                raise _UnclearError
            elif is_formatted and text[at] == "{" and text[at + 1 : at + 2] != "{":
                at = self._field(at + 1)
            else:
                at += 2 if is_formatted and text.startswith("{{", at) else 1
        raise _UnclearError

    def _field(self, at: int) -> int:
        """The place behind the closing brace of a field that begins at `at`."""
        text = self._text
        brackets = 0
        while at < len(text):
            letter = text[at]
            found = _INSIDE.match(text, at) if letter.isalpha() or letter in "'\"" else None
            if found is not None:
                inner = _String(text, found[2], self._depth + 1)
                at = inner.end(found.end(), found[1])
                self.is_new |= inner.is_new or found[2][0] == self._quote[0]
                continue
            if letter.isidentifier():  # a name: its last letters are no prefix of a string
                at = _behind_name(text, at)
                continue
            if letter == "}" and not brackets:
                return at + 1
            if letter == ":" and not brackets:
                return self._format(at + 1)
            brackets += (letter in "([{") - (letter in ")]}")
            self.is_new |= letter in "\\#" or (letter == "\n" and len(self._quote) == 1)
            at = text.find("\n", at) if letter == "#" and "\n" in text[at:] else at + 1
        raise _UnclearError

    def _format(self, at: int) -> int:
        """The place behind the closing brace of a field whose format begins at `at`."""
        text = self._text
        while at < len(text):
            if text[at] == "}":
                return at + 1
            if text.startswith(self._quote, at):
                raise _UnclearError
            at = self._field(at + 1) if text[at] == "{" else at + 1
        raise _UnclearError


def _behind_name(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return at
