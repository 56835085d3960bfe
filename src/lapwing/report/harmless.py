"""Names from outside are hostile: what a terminal would obey is written out instead.

Control characters (C0, C1, DEL), bidirectional overrides, line and paragraph separators and
lone surrogates become their escapes, such as `\\x1b`.

CI systems read commands from whatever a step prints: `::error::` at the start of a line for GitHub, with
blanks before it, `##[error]`, `##vso[`, `##teamcity[` anywhere in one for GitHub, Azure and TeamCity. Their
first character is written out where a name begins so, for a line may be broken before any word.
"""

import re
from typing import Final

_HOSTILE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_COMMAND: Final = re.compile(r"(?<!\S):(?=:[A-Za-z])|#(?=#[A-Za-z]*\[)")


def harmless(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal or a CI system's log obeys."""
    return _COMMAND.sub(_escape, _HOSTILE.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return {9: "\\t", 10: "\\n", 13: "\\r"}.get(code) or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    )
