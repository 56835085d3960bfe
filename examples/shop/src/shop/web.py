"""The shop as a WSGI application that speaks JSON."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from shop.accounts import Accounts
from shop.cart import Cart
from shop.catalog import Catalog
from shop.database import open_database
from shop.errors import InvalidInputError, NotFoundError, ShopError
from shop.invoice_document import document, facts_of, pages_of
from shop.mail import MailQueue, order_mail
from shop.money import display
from shop.orders import Order, OrderBook
from shop.payments import PaymentClient
from shop.pricing import VAT, PriceBook
from shop.search import SearchIndex


class Request(NamedTuple):
    """What a handler needs to know."""

    database: sqlite3.Connection
    query: dict[str, str]
    body: dict[str, Any]
    token: str
    parts: tuple[str, ...]  # from the path

    @property
    def customer_id(self) -> int:
        """Who asks; NotLoggedInError for nobody."""
        return Accounts(self.database).customer_of(self.token)


class Shop:
    """All pages. A database connection is opened for each request."""

    def __init__(
        self,
        database: Path,
        payments: PaymentClient,
        mail: MailQueue,
        *,
        durable: bool = True,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._database, self._durable = database, durable
        self._payments, self._mail, self._today = payments, mail, today
        with closing(self._open()) as connection:
            self._index = SearchIndex(Catalog(connection).all())
        self._routes: tuple[tuple[str, re.Pattern[str], Callable[[Request], Any]], ...] = tuple(
            (method, re.compile(path), handler)
            for method, path, handler in (
                ("POST", r"/accounts", self._register),
                ("POST", r"/session", self._login),
                ("DELETE", r"/session", self._logout),
                ("GET", r"/products", self._products),
                ("GET", r"/products/(\w+)", self._product),
                ("GET", r"/search", self._search),
                ("GET", r"/cart", self._cart),
                ("POST", r"/cart", self._put),
                ("DELETE", r"/cart/(\w+)", self._take_out),
                ("POST", r"/orders", self._order),
                ("GET", r"/orders", self._orders),
                ("GET", r"/orders/(\d+)", self._one_order),
                ("GET", r"/orders/(\d+)/invoice", self._invoice),
            )
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        try:
            status, answer = "200 OK", self._answer(environ)
        except ShopError as error:
            status, answer = error.status, {"error": str(error)}
        kind, body = "application/pdf", answer
        if not isinstance(answer, bytes):
            kind, body = "application/json", json.dumps(answer).encode()
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _open(self) -> sqlite3.Connection:
        return open_database(self._database, durable=self._durable)

    def _answer(self, environ: dict[str, Any]) -> Any:
        for method, path, handler in self._routes:
            match = path.fullmatch(environ["PATH_INFO"])
            if match and method == environ["REQUEST_METHOD"]:
                with closing(self._open()) as connection:
                    return handler(_request(environ, connection, match.groups()))
        raise NotFoundError("no such page")

    def _register(self, request: Request) -> Any:
        fields = _fields(request, "email", "password")
        return {"customer": Accounts(request.database).register(**fields)}

    def _login(self, request: Request) -> Any:
        return {"token": Accounts(request.database).login(**_fields(request, "email", "password"))}

    def _logout(self, request: Request) -> Any:
        Accounts(request.database).logout(request.token)
        return {}

    def _products(self, request: Request) -> Any:
        catalog = Catalog(request.database)
        if "category" not in request.query:
            return {"categories": catalog.categories()}
        page = catalog.page(request.query["category"], number=int(request.query.get("page", "1")))
        return {"products": [product._asdict() for product in page]}

    def _product(self, request: Request) -> Any:
        return Catalog(request.database).get(request.parts[0])._asdict()

    def _search(self, request: Request) -> Any:
        hits = self._index.search(request.query.get("q", ""))
        catalog = Catalog(request.database)
        return {"hits": [{"sku": hit.sku, "title": catalog.get(hit.sku).title} for hit in hits]}

    def _cart(self, request: Request) -> Any:
        cart = Cart(request.database, request.customer_id)
        country = _country(request.query.get("country", "DE"))
        return {"lines": cart.lines(), "total": cart.total(self._prices(request), country=country)}

    def _put(self, request: Request) -> Any:
        cart = Cart(request.database, request.customer_id)
        cart.put(_fields(request, "sku")["sku"], int(request.body.get("quantity", 1)))
        return {"lines": cart.lines()}

    def _take_out(self, request: Request) -> Any:
        cart = Cart(request.database, request.customer_id)
        cart.remove(request.parts[0])
        return {"lines": cart.lines()}

    def _order(self, request: Request) -> Any:
        fields = _fields(request, "card", "country")
        cart, book = Cart(request.database, request.customer_id), OrderBook(request.database)
        order = book.place(
            request.customer_id,
            cart.lines(),
            self._prices(request),
            country=_country(fields["country"]),
            today=self._today(),
        )
        try:
            reference = self._payments.charge(order.number, order.gross, fields["card"])
        except ShopError:
            book.advance(order.number, "canceled")
            raise
        cart.clear()
        email = request.database.execute(
            "SELECT email FROM customers WHERE id = ?", (order.customer_id,)
        ).fetchone()["email"]
        self._mail.put(order_mail(email, order.number, display(order.gross)))
        return _shown(book.record_payment(order.number, order.gross, reference))

    def _orders(self, request: Request) -> Any:
        return {
            "orders": [_shown(order) for order in OrderBook(request.database).history(request.customer_id)]
        }

    def _one_order(self, request: Request) -> Any:
        return _shown(self._own(request))

    def _invoice(self, request: Request) -> Any:
        return document(pages_of(facts_of(self._own(request))))

    def _own(self, request: Request) -> Order:
        order = OrderBook(request.database).get(int(request.parts[0]))
        if order.customer_id != request.customer_id:
            raise NotFoundError(f"no order {order.number}")
        return order

    def _prices(self, request: Request) -> PriceBook:
        group = Accounts(request.database).group_of(request.customer_id)
        return PriceBook(Catalog(request.database).all(), group=group)


def _request(environ: dict[str, Any], database: sqlite3.Connection, parts: tuple[str, ...]) -> Request:
    text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        body = json.loads(text or b"{}")
    except ValueError as error:
        raise InvalidInputError("the body is no JSON") from error
    query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    return Request(database, query, body, token, parts)


def _fields(request: Request, *names: str) -> dict[str, str]:
    for name in names:
        if not isinstance(request.body.get(name), str):
            raise InvalidInputError(f"{name} is missing")
    return {name: request.body[name] for name in names}


def _country(code: str) -> str:
    if code not in VAT:
        raise InvalidInputError(f"we do not deliver to {code}")
    return code


def _shown(order: Order) -> dict[str, Any]:
    lines = [{"sku": line.sku, "title": line.title, "quantity": line.quantity} for line in order.lines]
    return {"number": order.number, "status": order.status, "gross": order.gross, "lines": lines}
