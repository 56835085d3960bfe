"""Who may do what on a server: tokens and their scopes."""

from enum import StrEnum
from typing import Final

from lapwing.model.value import Value

ANY_PROJECT: Final = "*"


class Scope(StrEnum):
    """What a token allows; each scope holds those before it."""

    READ = "read"
    WRITE = "write"  # push runs
    ADMIN = "admin"  # change states, accept baselines

    def allows(self, wanted: "Scope") -> bool:
        """Whether this scope holds `wanted`."""
        order = list(Scope)
        return order.index(self) >= order.index(wanted)


class Token(Value):
    """A token as it is kept: never its secret, only a hash of it."""

    token_id: str
    name: str  # whom it was made for
    scope: Scope
    project: str  # or ANY_PROJECT
    secret_hash: str  # hexadecimal
    created_at_ns: int  # since the epoch
    expires_at_ns: int | None = None  # None: never
