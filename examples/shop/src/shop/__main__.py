"""`python -m shop FILE` serves the shop with a sample catalog on port 8000."""

import sys
import threading
from contextlib import closing
from pathlib import Path

from shop.catalog import Catalog
from shop.database import open_database, transaction
from shop.fake_gateway import FakeGateway
from shop.inventory import Inventory
from shop.mail import MailQueue
from shop.migrations import migrate
from shop.payments import PaymentClient
from shop.sample_data import sample_products
from shop.server import serving
from shop.web import Shop


def main() -> None:
    """Serve until interrupted."""
    path = Path(sys.argv[1])
    with closing(open_database(path)) as connection:
        if migrate(connection):
            products = sample_products(500)
            Catalog(connection).add(products)
            with transaction(connection):
                for product in products:
                    Inventory(connection).receive(product.sku, 100)
    mail = MailQueue(print)
    mail.start()
    with serving(Shop(path, PaymentClient(FakeGateway()), mail), port=8000):
        print("http://127.0.0.1:8000/products")
        threading.Event().wait()


if __name__ == "__main__":
    main()
