"""Who has to be told what of a run? Conditions become alerts, alerts become messages to channels."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Final, NamedTuple, Protocol

from lapwing.check.alert_book import after_sending, messages_left, raise_alerts
from lapwing.config.root import home_path, prepare_home
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, LapwingError, MissingToolError
from lapwing.model.alert import Alert, AlertLevel, OpenAlert
from lapwing.model.notified import Delivery, Notified
from lapwing.operations.alert_conditions import conditions_of
from lapwing.operations.project.owners import read_owners
from lapwing.report.render.message import messages
from lapwing.store.alert_file import FILE_NAME, read_alert_book, write_alert_book
from lapwing.store.held_file import held
from lapwing.store.protocol import Store

DESKTOP: Final = "desktop"
TOLD_ANYWAY: Final = ("terminal", "dashboard")
"""Channels that need no message: the command's own output, and the dashboard, which reads the book."""

_PAUSES_S: Final = (1.0, 3.0)  # before the second and the third attempt


class Sends(Protocol):
    """A channel: where messages can go."""

    @property
    def name(self) -> str:
        """What it is called in front of people, without secrets."""

    def send(self, title: str, body: str, level: AlertLevel) -> str:
        """Send one message; returns "" once it was taken, else why it was not.

        Raises MissingToolError where this machine lacks what it takes.
        """


class Post(NamedTuple):
    """A channel and whose tests it is told of: those of these owners, or everything where it names none."""

    channel: Sends
    owners: tuple[str, ...] = ()

    def concerned(self, alerts: Sequence[Alert], owners_of: Callable[[Alert], Sequence[str]]) -> list[Alert]:
        """Those of `alerts` that this channel is told."""
        return [each for each in alerts if not self.owners or set(self.owners) & set(owners_of(each))]


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
    channels = _open_channels(settings, environ)
    owners = read_owners(settings.root)
    prepare_home(settings.root)
    path = alert_path(settings.root)
    deliveries = []
    with held(path.with_suffix(".lock")):  # two at once would tell everything twice
        book = read_alert_book(path)
        run_id, conditions = conditions_of(settings, store, name, book)
        book, alerts = raise_alerts(book, conditions, run_id=run_id, now_ns=now_ns())
        subjects = {each.cause: each.subject for each in conditions}
        for key, post in channels.items():
            new = post.concerned(alerts, lambda alert: owners.of(subjects[alert.cause]))
            due = (*book.waiting.get(key, ()), *new)
            left = messages_left(book, key, per_hour=settings.alerts_per_hour, now_ns=now_ns())
            delivery = _deliver(settings.project, post.channel, due, left, sleep)
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
    channels = _open_channels(settings, environ)
    return tuple(_deliver(settings.project, each.channel, (said,), 1, sleep) for each in channels.values())


def open_alerts(settings: Settings) -> tuple[OpenAlert, ...]:
    """The causes that were told and have not recovered."""
    return tuple(read_alert_book(alert_path(settings.root)).open.values())


def alert_path(root: Path) -> Path:
    """The file with the book of alerts of a project."""
    return home_path(root) / FILE_NAME


def _open_channels(settings: Settings, environ: Mapping[str, str]) -> dict[str, Post]:
    """The channels of the setting `alerts`, by a digest of their address. `$NAME` in one is a variable.

    `OWNER=ADDRESS` is told of that owner's tests alone. Raises ConfigurationError.
    """
    posts: dict[str, Post] = {}
    for at, written in enumerate(settings.alerts, 1):
        where = f"alerts, entry {at} ({settings.origins.get('alerts', 'default')})"
        owner, address = _parted(written)
        if owner and not read_owners(settings.root).rules:
            raise ConfigurationError(
                f"nothing says which tests are those of {owner}",
                where=where,
                mend="Write a CODEOWNERS file, or name the address without an owner.",
            )
        address = _filled(address, environ, where)
        if address in TOLD_ANYWAY:
            continue
        key = hashlib.sha256(address.encode()).hexdigest()[:16]
        known = posts.get(key)
        owners = (owner,) if owner else ()
        if known is None:
            posts[key] = Post(_opened(address, where), owners)
        else:  # one address, told everything where one of its entries says so
            posts[key] = known._replace(owners=known.owners + owners if known.owners and owners else ())
    return posts


def _parted(written: str) -> tuple[str, str]:
    """Owner and address of an entry; no owner where what stands before the `=` is part of an address."""
    owner, equals, address = written.partition("=")
    return (owner.strip(), address.strip()) if equals and "://" not in owner else ("", written)


def _opened(address: str, where: str) -> Sends:
    if address == DESKTOP:
        from lapwing.outbound.desktop import Desktop

        return Desktop()
    from lapwing.outbound.alerts import Channel

    return Channel(address, where=where)


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
    try:
        fault = channel.send(title, body, level)
        for pause in _PAUSES_S:
            if not fault:
                break
            sleep(pause)
            fault = channel.send(title, body, level)
    except MissingToolError as missing:  # and will lack it in three seconds
        return str(missing)
    return fault
