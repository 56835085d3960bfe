"""Customers, passwords and sessions."""

import hashlib
import hmac
import secrets
import sqlite3

from shop.errors import InvalidInputError, NotLoggedInError

ITERATIONS = 150_000
SHORTEST_PASSWORD = 10


def hash_password(password: str, *, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """The password as it is kept: iterations, salt and digest."""
    salt = secrets.token_bytes(16) if salt is None else salt
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    return f"{iterations}${salt.hex()}${digest.hex()}"


def is_password(password: str, kept: str) -> bool:
    """Whether `kept` was made of this password."""
    iterations, salt, _ = kept.split("$")
    again = hash_password(password, salt=bytes.fromhex(salt), iterations=int(iterations))
    return hmac.compare_digest(again, kept)


class Accounts:
    """Customers in the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def register(self, email: str, password: str, *, group: str = "regular") -> int:
        """A new customer's id."""
        if "@" not in email.strip("@"):
            raise InvalidInputError(f"{email!r} is no email address")
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidInputError(f"a password has {SHORTEST_PASSWORD} characters or more")
        try:
            cursor = self._connection.execute(
                "INSERT INTO customers (email, password, pricing_group) VALUES (?, ?, ?)",
                (email.lower(), hash_password(password), group),
            )
        except sqlite3.IntegrityError as error:
            raise InvalidInputError(f"{email} is registered already") from error
        return int(cursor.lastrowid or 0)

    def login(self, email: str, password: str) -> str:
        """The token of a new session."""
        row = self._connection.execute(
            "SELECT id, password FROM customers WHERE email = ?", (email.lower(),)
        ).fetchone()
        if row is None or not is_password(password, row["password"]):
            raise NotLoggedInError("wrong email or password")
        token = secrets.token_urlsafe(24)
        self._connection.execute("INSERT INTO sessions VALUES (?, ?)", (token, row["id"]))
        return token

    def logout(self, token: str) -> None:
        """The session is over."""
        self._connection.execute("DELETE FROM sessions WHERE token = ?", (token,))

    def customer_of(self, token: str) -> int:
        """Whose session it is."""
        row = self._connection.execute(
            "SELECT customer_id FROM sessions WHERE token = ?", (token,)
        ).fetchone()
        if row is None:
            raise NotLoggedInError("please log in")
        return int(row["customer_id"])

    def group_of(self, customer_id: int) -> str:
        """The customer's price group."""
        row = self._connection.execute(
            "SELECT pricing_group FROM customers WHERE id = ?", (customer_id,)
        ).fetchone()
        return str(row["pricing_group"])

    def change_password(self, email: str, old: str, new: str) -> None:
        """A new password for one who knows the old; ends all sessions."""
        customer_id = self.customer_of(self.login(email, old))
        if len(new) < SHORTEST_PASSWORD:
            raise InvalidInputError(f"a password has {SHORTEST_PASSWORD} characters or more")
        self._connection.execute(
            "UPDATE customers SET password = ? WHERE id = ?", (hash_password(new), customer_id)
        )
        self._connection.execute("DELETE FROM sessions WHERE customer_id = ?", (customer_id,))
