"""What is said where a store is asked for and none was made yet."""

from lapwing.errors import NoDataError


def no_store(where: str) -> NoDataError:
    """The error to raise for a store that is not at `where`."""
    return NoDataError(
        "there is no store here", where=where, mend="Record a run: pytest --track-performance."
    )
