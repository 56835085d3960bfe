"""Which tokens does a server know? Made, listed, revoked, and asked for by what a request brings."""

import hashlib
import hmac
import json
import secrets
from typing import Any, Final

from lapwing.errors import ConfigurationError, NoDataError
from lapwing.measure.clock import CLOCKS
from lapwing.model.access import ANY_PROJECT, Scope, Token
from lapwing.model.state_change import StateChange
from lapwing.store.protocol import Store

_KIND: Final = "token"
_PREFIX: Final = "lapwing"


def create_token(
    store: Store,
    *,
    name: str,
    scope: Scope,
    project: str = ANY_PROJECT,
    valid_ns: int | None = None,
    actor: str = "command line",
) -> tuple[Token, str]:
    """A new token and the text that whoever holds it sends; that text is kept nowhere.

    Its secret has 256 bits, so one round of SHA-256 is enough to keep it by.
    """
    if not name.strip():
        raise ConfigurationError("a token needs a name", mend="Say whom it is for: --name ci")
    now = CLOCKS.epoch()
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = Token(
        token_id=token_id,
        name=name,
        scope=scope,
        project=project,
        secret_hash=_hash(secret),
        created_at_ns=now,
        expires_at_ns=None if valid_ns is None else now + valid_ns,
    )
    store.put_entry(_KIND, token_id, json.dumps(token._asdict()))
    store.add_state_change(StateChange(now, actor, "token.create", f"{name} ({token_id})", project, scope))
    return token, f"{_PREFIX}_{token_id}_{secret}"


def tokens(store: Store) -> list[Token]:
    """All tokens that are not revoked, oldest first."""
    read = [_token(json.loads(document)) for document in store.entries(_KIND).values()]
    return sorted(read, key=lambda token: token.created_at_ns)


def revoke_token(store: Store, token_id: str, *, actor: str = "command line") -> Token:
    """Make a token worthless from now on. Raises NoDataError where there is none of that id."""
    document = store.entry(_KIND, token_id)
    if document is None or not store.drop_entry(_KIND, token_id):
        raise NoDataError(f"there is no token {token_id}", mend="See which there are: lapwing token list.")
    token = _token(json.loads(document))
    change = StateChange(CLOCKS.epoch(), actor, "token.revoke", f"{token.name} ({token_id})", token.project)
    store.add_state_change(change)
    return token


def token_of(store: Store, text: str) -> Token | None:
    """The token that `text` is the secret of, if it is one and has not expired."""
    prefix, _, rest = text.partition("_")
    token_id, _, secret = rest.partition("_")
    if prefix != _PREFIX or not secret or len(text) > 200:
        return None
    document = store.entry(_KIND, token_id)
    if document is None:
        return None
    token = _token(json.loads(document))
    if not hmac.compare_digest(token.secret_hash, _hash(secret)):
        return None
    expired = token.expires_at_ns is not None and token.expires_at_ns <= CLOCKS.epoch()
    return None if expired else token


def token_dict(token: Token) -> dict[str, Any]:
    """A token for people and programs: all but its hash."""
    return {name: value for name, value in token._asdict().items() if name != "secret_hash"}


def _token(fields: dict[str, Any]) -> Token:
    return Token(**{**fields, "scope": Scope(fields["scope"])})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
