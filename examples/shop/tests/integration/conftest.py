import http.client
import itertools
import json
import shutil
import socket
from contextlib import closing

import pytest
from shop.catalog import Catalog
from shop.database import open_database, transaction
from shop.fake_gateway import FakeGateway
from shop.inventory import Inventory
from shop.mail import MailQueue
from shop.migrations import migrate
from shop.payments import HttpTransport, PaymentClient
from shop.sample_data import sample_products
from shop.server import serving
from shop.web import Shop

PASSWORD = "correct horse"


class Browser:
    """Asks the shop over HTTP, as one customer or as nobody."""

    def __init__(self, port):
        self.port = port
        self.token = ""

    def ask(self, method, path, body=None):
        """Status and answer; JSON is read, other answers come as bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.headers["Content-Type"] == "application/json":
            return response.status, json.loads(content)
        return response.status, content

    def log_in(self, email, password=PASSWORD):
        self.ask("POST", "/accounts", {"email": email, "password": password})
        self.token = self.ask("POST", "/session", {"email": email, "password": password})[1]["token"]


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A database file with 400 products and plenty of each; not to be changed."""
    path = tmp_path_factory.mktemp("template") / "shop.db"
    products = sample_products(400)
    with closing(open_database(path, durable=False)) as connection:
        migrate(connection)
        Catalog(connection).add(products)
        with transaction(connection):
            for product in products:
                Inventory(connection).receive(product.sku, 10_000)
    return path


@pytest.fixture
def database_file(template, tmp_path):
    return shutil.copy(template, tmp_path / "shop.db")


@pytest.fixture(scope="session")
def gateway():
    return FakeGateway()


@pytest.fixture(scope="session")
def gateway_port(gateway):
    with serving(gateway) as port:
        yield port


@pytest.fixture(scope="session")
def sent_mail():
    return []


@pytest.fixture(scope="session")
def shop_port(template, gateway_port, sent_mail, today, tmp_path_factory):
    database = shutil.copy(template, tmp_path_factory.mktemp("served") / "shop.db")
    mail = MailQueue(sent_mail.append)
    mail.start()
    payments = PaymentClient(HttpTransport("127.0.0.1", gateway_port))
    with serving(Shop(database, payments, mail, durable=False, today=lambda: today)) as port:
        yield port
    mail.stop()


@pytest.fixture(scope="session")
def new_email():
    numbers = itertools.count(1)
    return lambda: f"customer{next(numbers)}@example.org"


@pytest.fixture
def unused_port():
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def visitor(shop_port):
    """Somebody who is not logged in."""
    return Browser(shop_port)


@pytest.fixture(scope="class")
def customer(shop_port, new_email):
    """Somebody who is logged in; one for each class of tests."""
    browser = Browser(shop_port)
    browser.log_in(new_email())
    return browser
