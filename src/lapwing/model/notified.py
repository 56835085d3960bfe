"""What became of alerts: which there were, which are open, what each channel took."""

from lapwing.model.alert import Alert, OpenAlert
from lapwing.model.value import Value


class Delivery(Value):
    """What one channel took."""

    channel: str  # its name without secrets
    told: int = 0  # alerts
    messages: int = 0  # that they went in
    waiting: tuple[Alert, ...] = ()  # not taken: they go with the next call
    fault: str = ""  # why


class Notified(Value):
    """Alerts of one run."""

    run_id: str
    alerts: tuple[Alert, ...]  # new ones, worst first
    open: tuple[OpenAlert, ...]
    deliveries: tuple[Delivery, ...]
