"""What `confirm` and `bisect` left where they were killed."""

from collections.abc import Iterator
from pathlib import Path

from lapwing.model.health import HealthFinding, HealthLevel
from lapwing.operations.paired.place import clean_places
from lapwing.units import format_count


def check_worktrees(root: Path) -> Iterator[HealthFinding]:
    """Removes worktrees and folders of commands that run no more, and tells it."""
    try:
        cleaned = clean_places(root)
    except OSError:
        return  # a folder that cannot be read or removed; the store's own checks tell of it
    if cleaned:
        yield HealthFinding(
            slug="worktrees",
            level=HealthLevel.NOTE,
            what=f"removed: the git worktrees of {format_count(cleaned, 'command')} killed in the middle",
        )
