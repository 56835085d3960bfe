"""What an examination of installation, store and machine found."""

from enum import StrEnum

from lapwing.model.value import Value


class HealthLevel(StrEnum):
    """How much it matters."""

    OK = "ok"
    NOTE = "note"  # works, but measures or compares worse than it could
    PROBLEM = "problem"  # something does not work


class HealthFinding(Value):
    """One thing that was looked at, in words for people."""

    slug: str  # stable name: "plugin", "store", …
    level: HealthLevel
    what: str
    meaning: str = ""  # what follows from it; "" where nothing does
    mend: str = ""
