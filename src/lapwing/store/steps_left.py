"""Which named steps a store has still to go through, whatever keeps it."""

from collections.abc import Sequence

from lapwing.errors import StoreError


def steps_left(applied: Sequence[str], names: Sequence[str], *, where: str, mend: str) -> int:
    """How many of `names`, from the end, are missing in `applied`.

    Raises StoreError for a store at `where` that is newer than these steps, or is not ours: then `mend`
    says what to do.
    """
    if list(applied) == list(names[: len(applied)]):
        return len(names) - len(applied)
    if list(names) == list(applied[: len(names)]):
        raise StoreError(
            f"the store is of version {len(applied)} (step {applied[-1]!r}), "
            f"this Lapwing knows versions up to {len(names)}",
            where=where,
            mend="Upgrade it with: pip install --upgrade lapwing. Or name another store with --store.",
        )
    raise StoreError(
        f"the store has been through steps of another program: {', '.join(applied)}", where=where, mend=mend
    )
