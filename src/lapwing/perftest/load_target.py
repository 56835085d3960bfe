"""May this be loaded? Loopback always, named test hosts if private, the rest only for who owns it."""

import fnmatch
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from lapwing.errors import ConfigurationError


def check_target(url: str, *, hosts: Iterable[str] = (), is_owned: bool = False) -> None:
    """Refuse to load `url` unless it is harmless, or `is_owned`.

    Harmless are addresses of this machine, and names that fit one of the globs `hosts` as long as all they
    resolve to is private (a name that does not resolve here counts as private: workers may know it).
    Raises ConfigurationError.
    """
    if is_owned:
        return
    name = urlsplit(url).hostname or ""
    addresses = _addresses(name)
    if addresses and all(address.is_loopback for address in addresses):
        return
    public = [address for address in addresses if not _is_private(address)]
    is_named = any(fnmatch.fnmatchcase(name, glob.lower()) for glob in hosts)
    if is_named and not public:
        return
    if public:
        raise ConfigurationError(
            f"{name} has the public address {public[0]}, and a load test can bring it down",
            where=url,
            mend="If it is yours, say so: --i-own-this-target (i_own_this_target=True in code).",
        )
    raise ConfigurationError(
        f"{name} is not this machine, and not one of your test hosts",
        where=url,
        mend=f'If it is one: hosts = ["{name}"] in [tool.lapwing.load]; or --i-own-this-target.',
    )


def _is_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_private or address.is_loopback or address.is_link_local


def _addresses(name: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """What `name` resolves to here; none where it does not."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    texts = {str(address[0]).partition("%")[0] for *_, address in found}
    addresses = [ipaddress.ip_address(text) for text in sorted(texts)]
    return [
        address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
        for address in addresses
    ]
