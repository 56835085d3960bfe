"""What can go wrong in the shop, each with the HTTP status that a browser is told."""

from typing import ClassVar


class ShopError(Exception):
    """Base of all errors that a customer may see."""

    status: ClassVar[str] = "400 Bad Request"


class InvalidInputError(ShopError):
    """A field is missing or makes no sense."""


class NotLoggedInError(ShopError):
    """The session is missing, unknown or over."""

    status = "401 Unauthorized"


class PaymentDeclinedError(ShopError):
    """The bank said no."""

    status = "402 Payment Required"


class NotFoundError(ShopError):
    """No such product, order or page."""

    status = "404 Not Found"


class OutOfStockError(ShopError):
    """Less on the shelf than asked for."""

    status = "409 Conflict"


class PaymentUnavailableError(ShopError):
    """The payment gateway did not answer, also not after several attempts."""

    status = "503 Service Unavailable"
