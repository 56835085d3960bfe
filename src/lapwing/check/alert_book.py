"""Which alerts are due? States of causes in, what has to be told out. Pure."""

from collections.abc import Iterable
from typing import Final

from lapwing.model.alert import Alert, AlertBook, AlertLevel, Condition, OpenAlert
from lapwing.units import NS_PER_S

HOUR_NS: Final = 3600 * NS_PER_S

_ORDER: Final = (AlertLevel.CRITICAL, AlertLevel.WARNING, AlertLevel.RECOVERED)


def raise_alerts(
    book: AlertBook, conditions: Iterable[Condition], *, run_id: str, now_ns: int
) -> tuple[AlertBook, tuple[Alert, ...]]:
    """The book after these conditions, and the alerts that they make, worst first.

    A cause is told when it appears, when it goes from warning to critical, and when it has recovered. It is
    not told while it lasts, nor when it falls from critical to warning: it is then still open. A cause
    without a condition was not measured, and stays what it was.
    """
    still_open = dict(book.open)
    alerts = []
    for condition in conditions:
        cause = condition.cause
        known = still_open.get(cause)
        if condition.level is None:
            if known is not None and condition.is_recovered:
                del still_open[cause]
                title = f"Recovered: {known.title}"
                alerts.append(Alert(cause, AlertLevel.RECOVERED, title, condition.body, run_id, now_ns))
            continue
        if known is not None and _ORDER.index(known.level) <= _ORDER.index(condition.level):
            continue
        since = (run_id, now_ns) if known is None else (known.since_run, known.since_ns)
        still_open[cause] = OpenAlert(
            condition.kind, condition.subject, condition.what, condition.level, condition.title, *since
        )
        alerts.append(Alert(cause, condition.level, condition.title, condition.body, run_id, now_ns))
    return book._replace(open=still_open), tuple(sorted(alerts, key=lambda each: _ORDER.index(each.level)))


def messages_left(book: AlertBook, channel: str, *, per_hour: int, now_ns: int) -> int:
    """How many messages may still go to a channel: at most `per_hour` within any hour."""
    recent = [at for at in book.sent_ns.get(channel, ()) if now_ns - HOUR_NS < at <= now_ns]
    return max(0, per_hour - len(recent))


def after_sending(
    book: AlertBook, channel: str, *, waiting: tuple[Alert, ...], sent: int, now_ns: int
) -> AlertBook:
    """The book after `sent` messages went to a channel and `waiting` could not go."""
    recent = [at for at in book.sent_ns.get(channel, ()) if now_ns - HOUR_NS < at <= now_ns]
    times = {**book.sent_ns, channel: (*recent, *([now_ns] * sent))}
    left = {**book.waiting, channel: waiting}
    return book._replace(
        waiting={name: alerts for name, alerts in left.items() if alerts},
        sent_ns={name: moments for name, moments in times.items() if moments},
    )
