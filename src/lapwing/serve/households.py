"""Addresses as far as one somebody has them: with IPv6 that is a whole network of them."""

import ipaddress
from functools import lru_cache
from typing import Final

_NETWORK: Final = 64  # bits that tell one household or machine from another


@lru_cache(maxsize=4_096)
def household(address: str) -> str:
    """What all addresses have in common that one machine can choose among; of a name, the name."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, _NETWORK), strict=False))
