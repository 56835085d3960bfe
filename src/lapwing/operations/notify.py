"""Who has to be told what of a run? Conditions become alerts, alerts become messages to channels."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Final, Protocol

from lapwing.check.alert_book import after_sending, messages_left, raise_alerts
from lapwing.config.root import home_path, prepare_home
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, LapwingError
from lapwing.model.alert import Alert, AlertLevel, OpenAlert
from lapwing.model.notified import Delivery, Notified
from lapwing.operations.alert_conditions import conditions_of
from lapwing.report.render.message import messages
from lapwing.store.alert_file import FILE_NAME, read_alert_book, write_alert_book
from lapwing.store.held_file import held
from lapwing.store.protocol import Store

DESKTOP: Final = "desktop"
TERMINAL: Final = "terminal"

_PAUSES_S: Final = (1.0, 3.0)  # before the second and the third attempt


class Sends(Protocol):
    """A channel: where messages can go."""

    @property
    def name(self) -> str:
        """What it is called in front of people, without secrets."""

    def send(self, title: str, body: str, level: AlertLevel) -> str:
        """Send one message; returns "" once it was taken, else why it was not."""


def notify(
    settings: Settings,
    store: Store,
    name: str,
    *,
    environ: Mapping[str, str],
    now_ns: Callable[[], int] = time.time_ns,
    sleep: Callable[[float], None] = time.sleep,
) -> Notified:
    """Tell every channel of the settings what is new in the run called `name`.

    What a channel does not take after three attempts, or what its rate does not let through, waits in the
    book and goes with the next call. Raises NoDataError without the run, ConfigurationError for a wrong
    address before anything is sent, MissingExtraError without apprise where one is needed.
    """
    channels = open_channels(settings, environ)
    prepare_home(settings.root)
    path = alert_path(settings.root)
    deliveries = []
    with held(path.with_suffix(".lock")):  # two at once would tell everything twice
        book = read_alert_book(path)
        run_id, conditions = conditions_of(settings, store, name, book)
        book, alerts = raise_alerts(book, conditions, run_id=run_id, now_ns=now_ns())
        for key, channel in channels.items():
            due = (*book.waiting.get(key, ()), *alerts)
            left = messages_left(book, key, per_hour=settings.alerts_per_hour, now_ns=now_ns())
            delivery = _deliver(settings.project, channel, due, left, sleep)
            deliveries.append(delivery)
            book = after_sending(book, key, waiting=delivery.waiting, sent=delivery.messages, now_ns=now_ns())
        write_alert_book(path, book)
    return Notified(
        run_id=run_id, alerts=alerts, open=tuple(book.open.values()), deliveries=tuple(deliveries)
    )


def lasting_alerts(root: Path) -> tuple[OpenAlert, ...]:
    """What this checkout has told of and has not recovered, the newest first; nothing of a broken book."""
    try:
        book = read_alert_book(alert_path(root))
    except LapwingError:
        return ()
    return tuple(sorted(book.open.values(), key=lambda each: -each.since_ns))


def try_channels(
    settings: Settings, *, environ: Mapping[str, str], sleep: Callable[[float], None] = time.sleep
) -> tuple[Delivery, ...]:
    """Send each channel one message that says that it works. Raises as `notify` does."""
    said = Alert("", AlertLevel.RECOVERED, "this channel works", "Sent by lapwing notify --test.", "", 0)
    channels = open_channels(settings, environ)
    return tuple(_deliver(settings.project, each, (said,), 1, sleep) for each in channels.values())


def open_alerts(settings: Settings) -> tuple[OpenAlert, ...]:
    """The causes that were told and have not recovered."""
    return tuple(read_alert_book(alert_path(settings.root)).open.values())


def alert_path(root: Path) -> Path:
    """The file with the book of alerts of a project."""
    return home_path(root) / FILE_NAME


def open_channels(settings: Settings, environ: Mapping[str, str]) -> dict[str, Sends]:
    """The channels of the setting `alerts`, by a digest of their address. `$NAME` in one is a variable."""
    channels: dict[str, Sends] = {}
    for at, written in enumerate(settings.alerts, 1):
        where = f"alerts, entry {at} ({settings.origins.get('alerts', 'default')})"
        address = _filled(written, environ, where)
        if address == TERMINAL:  # `lapwing notify` always says on the terminal what it tells others
            continue
        key = hashlib.sha256(address.encode()).hexdigest()[:16]
        if address == DESKTOP:
            from lapwing.outbound.desktop import Desktop

            channels[key] = Desktop()
        else:
            from lapwing.outbound.alerts import Channel

            channels[key] = Channel(address, where=where)
    return channels


def _filled(written: str, environ: Mapping[str, str], where: str) -> str:
    try:
        return Template(written).substitute(environ)
    except KeyError as error:
        raise ConfigurationError(
            f"the environment variable {error.args[0]} is not set",
            where=where,
            mend="Set it, or take the entry out.",
        ) from error
    except ValueError as error:
        raise ConfigurationError(
            "a $ stands for no variable", where=where, mend="Write $NAME or ${NAME}; a $ itself is $$."
        ) from error


def _deliver(
    project: str, channel: Sends, alerts: Sequence[Alert], left: int, sleep: Callable[[float], None]
) -> Delivery:
    """Send what may go; alerts that could not go are returned as waiting."""
    if alerts and not left:
        why = "it had as many messages within the last hour as alerts_per_hour allows"
        return Delivery(channel.name, waiting=tuple(alerts), fault=why)
    told = sent = 0
    for title, body, level, count in messages(project, alerts, most=left):
        fault = _sent(channel, title, body, level, sleep)
        if fault:
            return Delivery(channel.name, told=told, messages=sent, waiting=tuple(alerts[told:]), fault=fault)
        told, sent = told + count, sent + 1
    return Delivery(channel.name, told=told, messages=sent)


def _sent(channel: Sends, title: str, body: str, level: AlertLevel, sleep: Callable[[float], None]) -> str:
    fault = channel.send(title, body, level)
    for pause in _PAUSES_S:
        if not fault:
            break
        sleep(pause)
        fault = channel.send(title, body, level)
    return fault
