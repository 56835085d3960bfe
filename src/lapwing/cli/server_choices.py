"""What the commands share that start a server: its port, and the start itself."""

import argparse
from collections.abc import Mapping
from typing import Final

from lapwing.cli.desk import Desk
from lapwing.errors import ConfigurationError, MissingExtraError

PORT_VARIABLE: Final = "PERFORMANCE_DASHBOARD_PORT"


def port_number(text: str) -> int:
    """A port as an argument; 0 lets the system choose."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")


def dashboard_port(environ: Mapping[str, str], default: int) -> int:
    """The port of a dashboard where no flag names one. Raises ConfigurationError."""
    text = environ.get(PORT_VARIABLE, "")
    try:
        return port_number(text) if text else default
    except argparse.ArgumentTypeError as error:
        raise ConfigurationError(str(error), where=PORT_VARIABLE) from error


def address_or_network(text: str) -> str:
    """An address such as 10.0.0.1, or a network such as 10.0.0.0/8, as an argument."""
    import ipaddress

    try:
        return str(ipaddress.ip_network(text) if "/" in text else ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no address and no network") from None


def start_server(
    desk: Desk, *, host: str, port: int, allowed_hosts: tuple[str, ...], proxies: tuple[str, ...] = ()
) -> None:
    """Say where it is, and serve until interrupted.

    Raises ConfigurationError for an address that is taken, or public while there is no token;
    MissingExtraError where the libraries are not installed; StoreError.
    """
    try:
        from lapwing.serve.config import ServeConfig
        from lapwing.serve.server import bind, open_door, serve
    except ImportError as error:
        raise MissingExtraError(error.name or "starlette", extra="serve", need="a dashboard") from error
    settings = desk.settings
    config = ServeConfig(
        root=settings.root,
        store=settings.store,
        host=host,
        port=port,
        allowed_hosts=allowed_hosts,
        proxies=proxies,
    )
    config = open_door(config)
    listening = bind(config)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    place = f"{address}/login?key={config.session_key}" if config.session_key else address

    def ready() -> None:
        desk.output.say(f"Lapwing shows {config.shown_store} at {place}")
        desk.output.flush()

    serve(config, listening, ready)
