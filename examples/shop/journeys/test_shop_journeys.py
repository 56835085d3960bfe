"""How fast the shop is in a browser. Run apart: `pytest journeys`, with lapwing[browser] and Chromium.

With pytest-playwright its fixture `page` takes the place of the one below.
"""

import shutil
from contextlib import closing

import pytest
from playwright.sync_api import sync_playwright
from shop.catalog import Catalog
from shop.database import open_database
from shop.fake_gateway import FakeGateway
from shop.mail import MailQueue
from shop.migrations import migrate
from shop.payments import PaymentClient
from shop.sample_data import sample_products
from shop.server import serving
from shop.web import Shop

from lapwing import page_performance_test

pytestmark = pytest.mark.e2e

FRONT = b"""<!doctype html><title>Shop</title><link rel=icon href=data:,>
<h1>Shop</h1><input id=words value=oak> <button>Search</button><ol style="min-height: 60em"></ol>
<script>
document.querySelector("button").addEventListener("click", async () => {
  const words = encodeURIComponent(document.querySelector("#words").value);
  const { hits } = await (await fetch(`/search?q=${words}`)).json();
  document.querySelector("ol").replaceChildren(...hits.map(({ title }) => {
    const line = document.createElement("li");
    line.textContent = title;
    return line;
  }));
});
</script>"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The shop with 400 products, and a page in front of it from which they can be searched."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    with closing(open_database(path, durable=False)) as connection:
        migrate(connection)
        Catalog(connection).add(sample_products(400))
    shop = Shop(path, PaymentClient(FakeGateway()), MailQueue([].append), durable=False)

    def application(environ, start_response):
        if environ["PATH_INFO"] != "/":
            return shop(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(FRONT)))])
        return [FRONT]

    with serving(application) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def page():
    """A page of the system's Chromium, or of the one that Playwright brings."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def search(page):
    page.click("button")
    page.wait_for_selector("li")


def test_search_journey_performance(page, address):
    """Somebody opens the shop and searches: two requests, and nothing moves under their hands."""
    result = page_performance_test(
        page,
        f"{address}/",
        name="open and search",
        budgets={"lcp": "10s", "inp": "2s", "cls": 0.1, "requests": 2, "bytes": "50kB"},
        interact=search,
    )

    assert result.requests == 2
    assert result.inp is not None


def test_product_page_performance(page, address):
    result = page_performance_test(page, f"{address}/products/P00001", budgets={"load": "10s"}, loads=2)

    assert result.ttfb <= result.load
