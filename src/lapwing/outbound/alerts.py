"""Messages to people through apprise, the only door to it: Slack, Teams, mail, webhooks and many more."""

import logging
import warnings
from typing import Any, Final

from lapwing.errors import ConfigurationError, MissingExtraError
from lapwing.model.alert import AlertLevel

_TYPES: Final = {
    AlertLevel.CRITICAL: "failure",
    AlertLevel.WARNING: "warning",
    AlertLevel.RECOVERED: "success",
}


class Channel:
    """One address, such as `slack://TOKEN/#channel` or `mailto://USER:PASSWORD@host`.

    Raises MissingExtraError without apprise, ConfigurationError for an address that it does not know; the
    error names the place `where` it was written, never the address, which may hold a secret.
    """

    def __init__(self, address: str, *, where: str) -> None:
        try:
            import apprise
        except ImportError as error:
            raise MissingExtraError("apprise", extra="alerts", need="an alert") from error
        self._apprise: Any = apprise
        with self._apprise.LogCapture(level=logging.CRITICAL), warnings.catch_warnings():
            # Its services are imported now, more than a hundred; what they use of Python's past is theirs.
            warnings.simplefilter("ignore", DeprecationWarning)
            plugin = self._apprise.Apprise.instantiate(address)
        if plugin is None:
            if needed := self._lacking(address):
                raise ConfigurationError(
                    f"apprise cannot send to {address.partition(':')[0]}:// here: {needed}",
                    where=where,
                    mend="Install it, or take the entry out.",
                )
            raise ConfigurationError(
                "this is no address that apprise can send to",
                where=where,
                mend="Look up how the service is written: https://github.com/caronc/apprise/wiki",
            )
        self._plugin: Any = plugin

    def _lacking(self, address: str) -> str:
        """What the service of an address needs that this machine does not have; "" where that is not why."""
        scheme = address.partition("://")[0].lower()
        known = self._apprise.Apprise().details(show_requirements=True, show_disabled=True)["schemas"]
        for service in known:
            if not service["enabled"] and scheme in (
                *service["protocols"],
                *(service["secure_protocols"] or ()),
            ):
                asked = service["requirements"]
                return ", ".join(asked["packages_required"]) or str(asked["details"])
        return ""

    @property
    def name(self) -> str:
        """The address without its secrets."""
        return str(self._plugin.url(privacy=True)).partition("?")[0]

    def send(self, title: str, body: str, level: AlertLevel) -> str:
        """Send one message; returns "" once it was taken, else why it was not."""
        sender = self._apprise.Apprise()
        sender.add(self._plugin)
        with self._apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
            try:
                taken = sender.notify(
                    body=body or title,
                    title=title,
                    notify_type=_TYPES[level],
                    body_format=self._apprise.NotifyFormat.TEXT,
                )
            except Exception as error:
                return f"{type(error).__name__}: {error}"
            if taken:
                return ""
            lines = said.getvalue().splitlines()
        return lines[0] if lines else "the service did not take it"
