"""Alerts as messages for people: a title and a few lines, in no format.

Chat services act upon some texts: `@everyone` and `<!channel>` call people, `[text](address)` and
`<address|text>` are links that do not say where they lead. Names from outside must do neither.
"""

import re
from collections.abc import Sequence
from typing import Final

from lapwing.model.alert import Alert, AlertLevel
from lapwing.report.harmless import harmless
from lapwing.units import format_count

_ACTED_UPON: Final = re.compile(r"@(?=\w)|<(?=[!@#]|[a-z]+:)|\](?=\()")
_SINGLE: Final = 3  # so many alerts go as messages of their own
_MOST: Final = 20  # alerts that one message lists
_LONGEST_LINE: Final = 300
_WORDS: Final = {
    AlertLevel.CRITICAL: "critical",
    AlertLevel.WARNING: "warning",
    AlertLevel.RECOVERED: "recovered",
}


def messages(project: str, alerts: Sequence[Alert], *, most: int) -> list[tuple[str, str, AlertLevel, int]]:
    """Title, body, level of each message, and how many of the alerts it tells; at most `most` messages.

    Few alerts go one by one; of many, or where few messages may go, one message lists them.
    """
    if not alerts or most < 1:
        return []
    if len(alerts) <= min(_SINGLE, most):
        return [(_title(project, each), unacted(each.body), each.level, 1) for each in alerts]
    worst = alerts[0].level
    title = f"{_name(project)}: {_counts(alerts)}"
    lines = [_line(f"{_WORDS[each.level]}: {each.title}") for each in alerts[:_MOST]]
    if len(alerts) > _MOST:
        lines.append(f"and {len(alerts) - _MOST:,} more: lapwing notify --list")
    return [(title, "\n".join(lines), worst, len(alerts))]


def unacted(text: str) -> str:
    """`text`, line by line without what a terminal obeys or a chat service takes for a call."""
    return "\n".join(_line(line) for line in text.splitlines())


def _line(text: str) -> str:
    safe = _ACTED_UPON.sub(lambda match: f"{match[0]} ", harmless(text))
    return safe if len(safe) <= _LONGEST_LINE else f"{safe[: _LONGEST_LINE - 1]}…"


def _title(project: str, alert: Alert) -> str:
    return f"{_name(project)}: {_line(alert.title)} ({_WORDS[alert.level]})"


def _name(project: str) -> str:
    return _line(project) or "Lapwing"


def _counts(alerts: Sequence[Alert]) -> str:
    counted = [(word, sum(each.level is level for each in alerts)) for level, word in _WORDS.items()]
    parts = ", ".join(f"{count} {word}" for word, count in counted if count)
    return f"{format_count(len(alerts), 'alert')}: {parts}"
