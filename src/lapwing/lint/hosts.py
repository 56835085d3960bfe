"""Is a URL or host outside this machine? Pure, on the text that stands in the code."""

import re
from enum import Enum
from typing import Final

from lapwing.lint.filled_text import UNKNOWN_TEXT


class Reach(Enum):
    """Where a request goes."""

    OUTSIDE = "outside"  # a public host stands in the code
    INSIDE = "inside"  # this machine, or no network at all
    UNKNOWN = "unknown"


_URL: Final = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*)://(?:[^/?#@\0]*@)?(\[[^\]]*\]|[^/?#:]*)")
_PUBLIC_NAME: Final = re.compile(r"(?i)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]+\.?")
_WHOLE_NAME: Final = re.compile(
    rf"(?:[a-z0-9_][a-z0-9_-]*\.)+(?:com|org|net|edu|gov|io|dev|info|eu|de|fr|uk|ru|cn|jp){UNKNOWN_TEXT}+"
)
"""A host that is whole before what is not known, which is a path or a port then, as in `URL + path`."""

_ADDRESS: Final = re.compile(r"(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}")
_RESERVED: Final = [
    ".test",
    ".invalid",
    ".example",
    ".localhost",
    ".local",
    ".localdomain",
    ".internal",
    ".lan",
    ".home",
    ".corp",
    ".svc",
    ".onion",
]
_TOP_LEVEL: Final = frozenset(
    {
        *("com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "pro", "mobi", "museum", "aero"),
        *("coop", "jobs", "travel", "tel", "asia", "cat", "arpa", "app", "dev", "cloud", "tech", "online"),
        *("space", "shop", "blog", "xyz", "top", "club", "live", "news", "digital", "systems", "network"),
        *("solutions", "software", "technology", "tools", "services", "social", "science", "academy"),
        *("institute", "university", "school", "wiki", "world", "earth", "global", "international"),
        *("foundation", "community", "agency", "codes", "engineering", "games", "health", "london", "berlin"),
        *("paris", "nyc", "tokyo", "works", "zone", "run", "one", "fun", "art", "bio", "eco", "fyi", "gle"),
        *("goog", "google", "amazon", "aws", "microsoft", "apple", "cern", "swiss", "scot", "wales", "bank"),
        *("exchange", "finance", "education", "photos", "video", "stream", "studio", "radio", "africa"),
        *("ceo", "ninja", "moe", "rest", "pics", "land", "link", "page"),
    }
)
"""Endings of hosts that there are, those of countries besides, which have two letters. `http://my.service`
and `https://api.mock` are nobody.
"""

_NETWORK_SCHEMES: Final = frozenset({"http", "https", "ws", "wss", "ftp", "ftps"})
_FILE_ENDINGS: Final = frozenset(
    {"py", "txt", "json", "html", "htm", "xml", "csv", "sock", "yaml", "yml", "zip"}
)


def reach_of_url(url: str) -> Reach:
    """Where a request for `url` goes."""
    found = _URL.match(url)
    if found is None:
        return Reach.UNKNOWN
    if found[1].lower() not in _NETWORK_SCHEMES:
        return Reach.INSIDE if found[1].lower() in ("file", "data") else Reach.UNKNOWN
    return reach_of_host(found[2])


def reach_of_host(host: str) -> Reach:
    """Where a connection to `host`, a name or an address without port, goes."""
    host = host.strip().lower().rstrip(".")
    if UNKNOWN_TEXT in host:
        tail = host.rpartition(UNKNOWN_TEXT)[2]
        public = tail.startswith(".") and _is_public("x" + tail) and not tail.endswith(tuple(_RESERVED))
        return Reach.OUTSIDE if public or _WHOLE_NAME.fullmatch(host) else Reach.UNKNOWN
    if host in ("", "localhost", "0.0.0.0", "::", "::1", "[::1]", "[::]", "testserver") or host.startswith(
        "127."
    ):
        return Reach.INSIDE
    if host.endswith(".localhost"):
        return Reach.INSIDE
    address = _ADDRESS.fullmatch(host)
    if address is not None:
        return Reach.UNKNOWN if _is_private(int(address[1]), int(address[2])) else Reach.OUTSIDE
    if host.endswith(tuple(_RESERVED)) or host.rpartition(".")[2] in _FILE_ENDINGS:
        return Reach.UNKNOWN
    return Reach.OUTSIDE if _is_public(host) else Reach.UNKNOWN


def _is_public(name: str) -> bool:
    ending = name.rpartition(".")[2]
    is_known = ending in _TOP_LEVEL or len(ending) == 2 or ending.startswith("xn--")
    return is_known and _PUBLIC_NAME.fullmatch(name) is not None


def _is_private(first: int, second: int) -> bool:
    return (
        first in (0, 10, 127)
        or first >= 224
        or (first == 192 and second in (0, 168))
        or (first == 172 and 16 <= second < 32)
        or (first == 169 and second == 254)
        or (first == 198 and second in (18, 19, 51))
        or (first == 203 and second == 0)
    )
