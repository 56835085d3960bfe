"""Notices as annotations of a GitHub workflow: one command per line.

GitHub shows ten of a level and step and drops the others without a word; so does a job with fifty.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterable, Sequence
from typing import Final

from lapwing.report.harmless import harmless
from lapwing.report.notice import LEVELS, Level, Notice
from lapwing.units import format_count

MOST: Final = 8  # lines of one step

_LONGEST: Final = 4_000  # characters of one message


def github_annotations(notices: Iterable[Notice], *, where: str = "") -> str:
    """The worst notices, in their order within a level; the last line says how many more there are.

    `where` tells where those are found. What a workflow command would obey is escaped.
    """
    ordered = sorted(notices, key=lambda each: LEVELS.index(each.level))
    if len(ordered) <= MOST:
        return "".join(map(_command, ordered))
    shown, left = ordered[: MOST - 1], ordered[MOST - 1 :]
    return "".join(map(_command, [*shown, _rest(left, where)]))


def _rest(left: Sequence[Notice], where: str) -> Notice:
    """One notice in the place of `left`; as weighty as the worst of them."""
    said = f"{format_count(len(left), 'more notice')}{f': {where}' if where else ''}"
    return Notice(level=left[0].level, kind="more", subject="", title="lapwing", message=said)


def _command(notice: Notice) -> str:
    properties = {
        "file": notice.file,
        "line": notice.line,
        "col": notice.column,
        "title": notice.title[:200] or None,
    }
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value is not None)
    level = Level(notice.level).value
    return f"::{level} {listed}::{_data(notice.message[:_LONGEST])}\n"


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25")


def _property(value: str | int) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
