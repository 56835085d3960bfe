"""Who asks: by the key of the printed URL, kept in a cookie, or by a token."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Final

from lapwing.model.access import ANY_PROJECT, Scope, Token
from lapwing.model.value import Value

COOKIE: Final = "lapwing"

_MOST_LOOKED_AT: Final = 3  # of the cookies that may be ours: others can give a browser more of them


class Visitor(Value):
    """Who asks, and what they may do."""

    name: str  # for the log of changes
    scope: Scope
    project: str = ANY_PROJECT
    by_cookie: bool = False  # then a page of another origin may have made the browser ask

    def may(self, wanted: Scope, project: str | None) -> bool:
        """Whether they may do it in `project`; where none is named, it is their own."""
        return self.scope.allows(wanted) and (project is None or self.project in (ANY_PROJECT, project))


async def visitor_of(
    authorization: str,
    cookie: str,
    *,
    host: str,
    session_key: str,
    token: Callable[[str], Awaitable[Token | None]],
) -> Visitor | None:
    """Who asks with these headers; None for nobody that is known."""
    kind, _, brought = authorization.partition(" ")
    if authorization:
        found = await token(brought.strip()) if kind.lower() == "bearer" else None
        return _of_token(found, by_cookie=False)
    kept = _cookies(cookie, host)
    if any(is_session_key(each, session_key) for each in kept):
        return Visitor("this machine", Scope.ADMIN, by_cookie=True)
    for each in kept:
        found = await token(each)
        if found is not None:
            return _of_token(found, by_cookie=True)
    return None


def is_session_key(brought: str, session_key: str) -> bool:
    """Whether a link holds the key of the printed URL."""
    return bool(session_key) and hmac.compare_digest(brought.encode(), session_key.encode())


def cookie_header(value: str, host: str, *, is_secure: bool) -> str:
    """What makes a browser keep `value` for `host`, out of the reach of scripts and of other sites."""
    name, secure = _name(host, is_secure=is_secure), "; Secure" if is_secure else ""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000{secure}"


def _of_token(token: Token | None, *, by_cookie: bool) -> Visitor | None:
    if token is None:
        return None
    return Visitor(token.name, token.scope, token.project, by_cookie=by_cookie)


def _name(host: str, *, is_secure: bool) -> str:
    """What the cookie of a server is called: browsers give it to all servers of the machine, on any port.

    Under https it is one that nobody but this host can have set.
    """
    port = host.rpartition(":")[2]
    name = f"{COOKIE}-{port}" if port.isdigit() else COOKIE
    return f"__Host-{name}" if is_secure else name


def _cookies(header: str, host: str) -> list[str]:
    """The cookies of a header that may be ours, first those that fit best."""
    # Not parsed with the standard library: it gives nothing where another server's cookie is JSON.
    parts = [part.partition("=") for part in header.split(";")]
    names = (_name(host, is_secure=True), _name(host, is_secure=False), COOKIE)
    kept = [value.strip() for name in dict.fromkeys(names) for key, _, value in parts if key.strip() == name]
    return [value for value in kept if value][:_MOST_LOOKED_AT]
