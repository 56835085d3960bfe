"""What `lapwing notify --format json` prints: a stable contract with its own version."""

from collections.abc import Sequence
from typing import Any, Final

from lapwing.model.alert import OpenAlert
from lapwing.model.notified import Delivery, Notified

FORMAT_VERSION: Final = 1


def notified_dict(notified: Notified) -> dict[str, Any]:
    """New alerts, open causes, deliveries."""
    return {
        "format_version": FORMAT_VERSION,
        "run_id": notified.run_id,
        "alerts": [each._asdict() for each in notified.alerts],
        "open": open_list(notified.open),
        "deliveries": deliveries_list(notified.deliveries),
    }


def open_dict(alerts: Sequence[OpenAlert]) -> dict[str, Any]:
    """What `--list` prints."""
    return {"format_version": FORMAT_VERSION, "open": open_list(alerts)}


def tried_dict(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """What `--test` prints."""
    return {"format_version": FORMAT_VERSION, "deliveries": deliveries_list(deliveries)}


def open_list(alerts: Sequence[OpenAlert]) -> list[dict[str, Any]]:
    """Open causes."""
    return [each._asdict() for each in alerts]


def deliveries_list(deliveries: Sequence[Delivery]) -> list[dict[str, Any]]:
    """What each channel took; of what waits, only how many alerts."""
    return [{**each._asdict(), "waiting": len(each.waiting)} for each in deliveries]
