"""The pages in a real browser: no barrier in any look, by keyboard, with scripts off, live over a socket."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.slow_suite

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
PAGES = (
    "/",
    "/runs",
    "/run",
    "/why",
    "/tests",
    "/test?nodeid=tests/test_shop.py::test_3",
    "/inbox",
    "/compare",
    "/trend",
    "/flaky",
    "/leaks",
    "/what-if",
    "/benchmarks",
    "/live",
    "/log",
)
FOREIGN = """<!DOCTYPE html><title>waiting</title><script>
const socket = new WebSocket("ws://TARGET/live/socket");
socket.onmessage = () => { document.title = "it told"; };
socket.onclose = () => { if (document.title === "waiting") document.title = "refused"; };
</script>"""


@pytest.fixture
def open_page(browser, server):
    """Opens a page of the server, signed in; nothing may fail, or be fetched from elsewhere."""
    contexts, faults = [], []

    def asked(request):
        if not request.url.startswith((server.url, server.url.replace("http", "ws"), "data:")):
            faults.append(request.url)

    def open_with(path: str = "/", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.add_cookies([{"name": "lapwing", "value": server.key, "url": server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("request", asked)
        page.goto(server.url + path)
        return page

    yield open_with
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_serious_barrier_on_any_page(open_page, server, look):
    page = open_page(**LOOKS[look])
    barriers = {}
    for path in PAGES:
        page.goto(server.url + path)
        found = axe_playwright.Axe().run(page).response["violations"]
        barriers[path] = [
            (each["id"], each["nodes"][0]["html"])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]

    assert {path: found for path, found in barriers.items() if found} == {}


def test_on_a_phone_nothing_but_tables_is_wider_than_the_screen(open_page, server):
    page = open_page(**LOOKS["phone"])
    widths = {}
    for path in PAGES:
        page.goto(server.url + path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: width for path, width in widths.items() if width > 390} == {}


def test_on_a_phone_the_names_of_tests_are_in_sight(open_page):
    page = open_page("/tests", **LOOKS["phone"])

    box = page.locator("#tests td:last-child, table td:last-child").first.bounding_box()

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_keyboard_reaches_the_content_the_pages_and_the_filter(open_page):
    page = open_page("/tests")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Overview"
    page.get_by_label("Filter").focus()
    page.keyboard.type("test_ü")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tests?**q=test_**")

    assert page.get_by_text("1 of 40 tests fit 'test_ü'").is_visible()


def test_a_regression_is_given_a_state_by_keyboard_and_without_scripts(open_page, server):
    page = open_page("/test?nodeid=tests/test_shop.py::test_3", java_script_enabled=False)

    page.get_by_label("Set its regression to").select_option("acknowledged")
    page.get_by_role("button", name="Set").press("Enter")
    page.wait_for_url("**/inbox?project=shop")

    assert page.get_by_text("acknowledged").first.is_visible()


def test_without_scripts_charts_and_tables_are_there(open_page):
    page = open_page("/", java_script_enabled=False)

    assert page.locator("figure svg").first.is_visible()
    assert page.get_by_role("table").first.is_visible()


def test_the_live_page_listens_on_a_socket(open_page):
    page = open_page("/live")

    page.get_by_text("Live.", exact=True).wait_for()

    assert page.get_by_text("No run is going on.").is_visible()


def test_the_live_page_leaves_the_keyboard_where_it_is(open_page, server):
    name = "tests/test_far.py::test_focused"

    def tell(seconds):
        took = {"elapsed_ns": seconds * 10**9}
        run = {"run_id": "focus", "project": "other", "started_at_ns": 1, "finished": 0, "failed": 0, **took}
        running = {"nodeid": name, "worker": "gw0", **took}
        with server.client("admin") as client:
            told = client.post("/api/v1/live", json={**run, "failures": [], "running": [running]})
            assert told.status_code == 204

    tell(3)
    page = open_page("/live?project=other")
    page.get_by_text("Live.", exact=True).wait_for()
    page.get_by_role("link", name="test_focused").focus()
    tell(47)
    page.get_by_text("47.0 s so far").wait_for()

    assert page.evaluate("document.activeElement.textContent") == name


def test_a_page_of_another_origin_gets_no_socket_although_the_browser_has_the_cookie(browser, server):
    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self):
            body = FOREIGN.replace("TARGET", server.url.removeprefix("http://")).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Say nothing."""

    foreign = ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    thread = threading.Thread(target=foreign.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    context = browser.new_context()
    try:
        context.add_cookies([{"name": "lapwing", "value": server.key, "url": server.url}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{foreign.server_address[1]}/")
        page.wait_for_function("document.title !== 'waiting'")

        assert page.title() == "refused"
    finally:
        context.close()
        foreign.shutdown()
        foreign.server_close()
        thread.join()
