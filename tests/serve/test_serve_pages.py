"""Every page says what it is for, in words, without scripts and without anything from elsewhere."""

import gzip
import re
import time

import httpx
import pytest

from lapwing.store.open_store import open_store

PAGES = {
    "/": "1 regression open",
    "/runs": "14 runs, newest first",
    "/run": "All tests",
    "/why": "every test and fixture of the run",
    "/tests": "40 tests",
    "/inbox": "1 regression open",
    "/compare": "slower",
    "/trend": "Tests",
    "/flaky": "test_7",
    "/leaks": "Nothing is known to be left behind",
    "/what-if": "workers",
    "/benchmarks": "sorting",
    "/log": "token.create",
    "/live": "No run is going on",
}


@pytest.mark.parametrize(("path", "said"), PAGES.items())
def test_a_page_says_its_answer_without_scripts(server, path, said):
    with server.client(key=True) as client:
        answer = client.get(path)

    assert answer.status_code == 200
    assert said in answer.text
    assert answer.text.count("<h1") == 1
    assert re.search(r"<title>[A-Z]", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fetches_nothing_from_elsewhere(server, path):
    with server.client(key=True) as client:
        text = client.get(path).text

    targets = re.findall(r'(?:src|href|action)="([^"]*)"', text)
    assert targets
    assert [each for each in targets if not each.startswith(("/", "#", "data:,"))] == []
    assert re.findall(r"<script>|\son[a-z]+=|javascript:|style=", text) == []


@pytest.mark.parametrize("path", ["/", "/run", "/tests", "/log"])
def test_names_that_mean_harm_are_text(server, path):
    with server.client(key=True) as client:
        answer = client.get(path)

    assert "<script>alert" not in answer.text
    assert "\x1b" not in answer.text
    assert "set-cookie" not in answer.headers


def test_the_page_of_a_test_with_such_a_name_is_found_by_its_link(server):
    with server.client(key=True) as client:
        listed = client.get("/tests?q=test_evil").text
        (link,) = re.findall(r'href="(/test\?[^"]*evil[^"]*)"', listed)
        answer = client.get(link.replace("&amp;", "&"))

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_test_shows_its_step_and_between_which_runs(server):
    with server.client(key=True) as client:
        text = client.get("/test", params={"nodeid": server.grew}).text

    assert "step" in text
    assert "69" in text


def test_a_test_draws_its_line_and_how_it_lay_before_and_after(server):
    with server.client(key=True) as client:
        page = client.get("/test", params={"nodeid": server.grew}).text
        never_passed = client.get("/test", params={"nodeid": server.grew, "metric": "peak_bytes"})

    assert re.search(r"\d+ runs before and \d+ after; the level moved by", page)
    assert page.count("<figure") == 2
    assert never_passed.status_code == 200


def test_days_whose_runs_were_removed_are_told(start_server, tmp_path, make_run):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=True) as store:
        for number in range(6):
            store.write_run(make_run(number, days_ago=10 - number))
        store.prune(older_than_ns=time.time_ns() - 7 * 86_400 * 10**9, keep_bytes=None, dry_run=False)
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        pages = [client.get(path).text for path in ("/", "/test?nodeid=tests/test_shop.py::test_5")]

    for page in pages:
        assert re.search("[34] runs on [34] days were removed; their sums by day are kept", page)


def test_tests_are_sorted_and_filtered_as_the_address_says(server):
    with server.client(key=True) as client:
        text = client.get("/tests", params={"q": "p95:>40ms test_shop", "sort": "p95"}).text.replace(
            "<wbr>", ""
        )

    rows = re.findall(r"tests/test_shop\.py::test_(\d+)</a>", text)
    assert rows[0] == "3"  # three times slower than it was, and so the slowest
    assert "2</a>" not in rows
    assert "fit" in text


def test_a_filter_that_fits_nothing_says_so_without_rows(server):
    with server.client(key=True) as client:
        page = client.get("/tests?q=no_such_test").text

    assert "0 of 40 tests fit" in page
    assert "rows" not in page.partition("0 of 40 tests fit")[2].partition("</p>")[0]


def test_tests_that_regressed_are_those_of_the_inbox(server):
    with server.client(key=True) as client:
        text = client.get("/tests", params={"q": "status:regressed"}).text
        exported = client.get("/api/v1/tests", params={"q": "status:regressed"}).json()["tests"]
        findings = client.get("/api/v1/findings").json()["findings"]

    assert {each["nodeid"] for each in exported} == {each["nodeid"] for each in findings} == {server.grew}
    assert "1 of " in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/test?nodeid=nobody", 404),
        ("/run?id=nobody", 404),
        ("/tests?q=dur:abc", 400),
        ("/tests?sort=name", 400),
        ("/tests?page=0", 400),
        ("/what-if?workers=a,b", 400),
        ("/compare?a=../../etc/passwd", 404),
        ("/nowhere", 404),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(server, path, status):
    with server.client(key=True) as client:
        answer = client.get(path)

    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("path", "fields", "said", "mend"),
    [
        ("/tests?q=dur:abc&sort=p95", {"q": "dur:abc", "sort": "p95"}, "is not a duration", "Write it as"),
        ("/tests?q=cart&page=0", {"q": "cart"}, "page is no number", "Write page=1."),
        ("/tests?q=cart&sort=name", {"q": "cart"}, "sort is none of", "Write sort=total."),
        ("/runs?branch=b&page=x", {"branch": "b"}, "page is no number", "Write page=1."),
        ("/compare?a=nobody&b=latest~1", {"a": "nobody", "b": "latest~1"}, "there is no run", "page of runs"),
        ("/compare", {"a": "baseline", "b": "latest"}, "there is no baseline", "Name a run"),
        ("/what-if?workers=a,b&id=latest", {"workers": "a,b"}, "is no list", "Write 2,4,8."),
        ("/test?nodeid=nobody&metric=cpu&branch=b", {"branch": "b", "metric": "cpu"}, "no run of nobody", ""),
    ],
)
def test_who_asked_wrongly_finds_the_form_as_it_was_sent(server, path, fields, said, mend):
    with server.client(key=True) as client:
        page = client.get(httpx.URL(path).copy_merge_params({"project": "other"})).text

    form = page.partition("<main")[2].partition("</form>")[0]
    for name, value in fields.items():
        chosen = rf'<option value="{value}" selected' if name in ("sort", "metric") else f'value="{value}"'
        assert f'name="{name}"' in form
        assert chosen in form
    assert 'name="project" value="other"' in form
    assert said in page
    assert mend in page


def test_a_page_without_an_answer_stays_in_its_project(server):
    with server.client(key=True) as client:
        page = client.get("/run?id=nobody&project=other").text

    navigation = page.partition("<nav")[2].partition("</nav>")[0]
    assert 'href="/tests?project=other"' in navigation
    assert '<option value="other" selected' in navigation


@pytest.mark.parametrize("path", ["/run", "/why", "/what-if", "/compare"])
def test_a_project_without_runs_says_what_to_do_first(server, path):
    with server.client(key=True) as client:
        answer = client.get(f"{path}?project=nothing")

    assert "no run is recorded yet" in answer.text
    assert "pytest --track-performance" in answer.text


def test_another_project_is_apart(server):
    with server.client(key=True) as client:
        text = client.get("/runs?project=other").text
        listed = client.get("/api/v1/runs?project=other").json()["runs"]

    assert {run["project"] for run in listed} == {"other"}
    assert f"{len(listed)} run{'s' if len(listed) > 1 else ''}, newest first" in text


def test_scripts_and_styles_are_small(server):
    with server.client(key=True) as client:
        style, script = client.get("/static/style.css").content, client.get("/static/script.js").content

    assert len(gzip.compress(script)) <= 60_000
    assert len(gzip.compress(style)) <= 15_000


def test_the_first_answer_to_nobody_is_the_page_to_sign_in(server):
    with server.client(Accept="text/html") as client:
        answer = client.get("/")

    assert answer.status_code == 401
    assert "Sign in" in answer.text


def test_an_address_that_is_none_is_answered_with_a_page_where_one_is_read(server):
    with server.client() as client:
        page = client.get("/nosuch", headers={"Accept": "text/html"})
        document = client.get("/api/v1/nosuch", headers={"Accept": "application/json"})

    assert (page.status_code, document.status_code) == (404, 404)
    assert "There is no such page." in page.text
    assert "<nav" not in page.text  # who asks may be nobody
    assert document.json()["error"] == "there is no such page"


def test_the_head_of_a_page_is_given_to_a_browser(server):
    with server.client(key=True) as client:
        answer = client.head("/runs")

    assert (answer.status_code, answer.content) == (200, b"")


def test_health_needs_no_token_and_metrics_do(server):
    with server.client() as client:
        assert client.get("/healthz").text == "ok\n"
        assert client.get("/metrics").status_code == 401
    with server.client("admin") as client:
        text = client.get("/metrics").text

    assert "lapwing_runs " in text
    assert 'lapwing_last_run_tests{project="shop",outcome="passed"}' in text


def test_a_test_that_moves_leads_to_its_page(server):
    with server.client(key=True) as client:
        text = client.get("/trend").text

    assert re.search(r'<a href="/test\?[^"]*test_3">', text)
