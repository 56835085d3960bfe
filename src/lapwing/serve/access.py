"""Who asks: by the key of the printed URL, kept in a cookie, or by a token."""

import hmac
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from lapwing.model.access import ANY_PROJECT, Scope, Token
from lapwing.model.value import Value

COOKIE: Final = "lapwing"


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
    session_key: str,
    token: Callable[[str], Awaitable[Token | None]],
) -> Visitor | None:
    """Who asks with these headers; None for nobody that is known."""
    kind, _, brought = authorization.partition(" ")
    if authorization:
        found = await token(brought.strip()) if kind.lower() == "bearer" else None
        return _of_token(found, by_cookie=False)
    kept = _cookie(cookie)
    if not kept:
        return None
    if session_key and hmac.compare_digest(kept.encode(), session_key.encode()):
        return Visitor("this machine", Scope.ADMIN, by_cookie=True)
    return _of_token(await token(kept), by_cookie=True)


def is_session_key(brought: str, session_key: str) -> bool:
    """Whether a link holds the key of the printed URL."""
    return bool(session_key) and hmac.compare_digest(brought.encode(), session_key.encode())


def cookie_header(value: str, *, is_secure: bool) -> str:
    """What makes a browser keep `value`, out of the reach of scripts and of other sites."""
    secure = "; Secure" if is_secure else ""
    return f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000{secure}"


def _of_token(token: Token | None, *, by_cookie: bool) -> Visitor | None:
    if token is None:
        return None
    return Visitor(token.name, token.scope, token.project, by_cookie=by_cookie)


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value
