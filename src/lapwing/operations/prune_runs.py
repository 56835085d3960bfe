"""Which old runs have to go? The store's retention, by the project's settings or by other limits."""

from lapwing.config.settings import Settings
from lapwing.measure.clock import CLOCKS
from lapwing.model.day import DAY_NS
from lapwing.model.value import Value
from lapwing.store.protocol import Removal, Store


class Retention(Value):
    """What a store may keep; None for no limit."""

    older_than_ns: int | None = None  # since the epoch: runs started before go
    keep_bytes: int | None = None


def retention(settings: Settings, *, age_ns: int | None = None, keep_bytes: int | None = None) -> Retention:
    """The limits as of now: `age_ns` and `keep_bytes`, each from the settings where it is None.

    In the settings 0 stands for no limit.
    """
    if age_ns is None and settings.keep_days:
        age_ns = settings.keep_days * DAY_NS
    return Retention(
        older_than_ns=None if age_ns is None else CLOCKS.epoch() - age_ns,
        keep_bytes=(settings.keep_bytes or None) if keep_bytes is None else keep_bytes,
    )


def plan_pruning(store: Store, limits: Retention) -> list[Removal]:
    """What would go. Raises StoreError."""
    return _prune(store, limits, dry_run=True)


def prune_runs(store: Store, limits: Retention) -> list[Removal]:
    """Remove what has to go, and tell it. Raises StoreError."""
    return _prune(store, limits, dry_run=False)


def _prune(store: Store, limits: Retention, *, dry_run: bool) -> list[Removal]:
    return store.prune(older_than_ns=limits.older_than_ns, keep_bytes=limits.keep_bytes, dry_run=dry_run)
