"""The inbox: regressions that want somebody's decision."""

from enum import StrEnum

from lapwing.model.value import Value


class ItemState(StrEnum):
    """What somebody, or the data, has said of a regression."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    ACCEPTED = "accepted"  # the new level is meant
    MUTED = "muted"  # until a day
    FIXED = "fixed"  # the newest run no longer shows it
    NOISE = "noise"
    ENVIRONMENT = "environment"


class ItemNote(Value):
    """The state of an item, who set it and when."""

    state: ItemState = ItemState.NEW
    actor: str = ""
    at_ns: int = 0  # since the epoch; 0: nobody yet
    until_ns: int = 0  # of a muted one
    nodeid: str = ""
    took_ns: float = 0  # what the test took as it was said; 0: not known


class InboxItem(Value):
    """One regression."""

    nodeid: str
    before_ns: float
    after_ns: float
    ratio: float
    severity: str
    cause: str  # the group it is shown in
    reason: str  # one plain sentence
    note: ItemNote = ItemNote()


class Regressions(Value):
    """What the newest run shows, before anybody has said anything of it."""

    run_id: str = ""
    items: tuple[InboxItem, ...] = ()  # the most time lost first


class Inbox(Value):
    """All regressions of the newest run, and those that are over."""

    run_id: str = ""
    items: tuple[InboxItem, ...] = ()  # the most time lost first
    fixed: tuple[ItemNote, ...] = ()
