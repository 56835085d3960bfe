"""A neutral notice: one thing that a person should see beside the code, in no format."""

from enum import StrEnum

from lapwing.model.value import Value


class Level(StrEnum):
    """How much a notice matters. Ordered from worst to least by `LEVELS`."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


LEVELS = (Level.ERROR, Level.WARNING, Level.NOTICE)


class Notice(Value):
    """A notice. Title and message may hold hostile names: renderers defuse them."""

    level: Level
    kind: str  # of ours, such as regression, worth-a-look, LW101
    subject: str  # a node id, or the name of a sum
    title: str
    message: str
    file: str | None = None  # relative to the root, with `/`; None where it belongs to no file
    line: int | None = None  # from 1
    column: int | None = None  # from 1
