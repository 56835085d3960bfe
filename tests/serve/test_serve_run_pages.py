"""Pages of older runs of a large suite: told at once that they are made, then kept whatever comes after."""

import signal
import time

import httpx
import pytest

from lapwing.model.accepted import AcceptedStep
from lapwing.store.open_store import open_store

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def large_run(make_run):
    """A run of as many tests as take a while to compare."""

    def make(number: int):
        run = make_run(number, project="shop", days_ago=9 - number)
        tests = [each._replace(nodeid=f"{each.nodeid}[{times}]") for times in range(50) for each in run.tests]
        named = run.run._replace(run_id=f"0192f3a{number}{run.run.run_id[8:]}")
        return run._replace(run=named, tests=tuple(tests))

    return make


def asking(start_server, root):
    process, place = start_server(root)
    url, _, key = place.partition("/login?key=")
    return process, httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60)


def followed(client: httpx.Client, path: str) -> list[httpx.Response]:
    """The answers to a browser that asks again as it is told to."""
    answers = [client.get(path, headers=BROWSER)]
    while answers[-1].status_code == 202 and len(answers) < 60:
        assert answers[-1].headers["refresh"] == "1"
        answers.append(client.get(path, headers=BROWSER))
    return answers


@pytest.mark.slow_suite
def test_the_page_of_an_older_run_is_announced_made_once_and_kept(start_server, tmp_path, large_run):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    file = str(tmp_path / ".lapwing" / "store.sqlite")
    runs = [large_run(number) for number in range(1, 5)]
    with open_store(file, create=True) as store:
        for run in runs[:3]:
            store.write_run(run)
    older = runs[0].run.run_id
    process, client = asking(start_server, tmp_path)
    with client:
        first = followed(client, f"/run?project=shop&id={older[:13]}")
        nowhere = client.get("/run?project=shop&id=0192aaaa", headers=BROWSER)
        with open_store(file, create=False) as store:
            store.write_run(runs[3])
        after_a_run = client.get(f"/run?project=shop&id={older}", headers=BROWSER)
        wait_for_kept(file)
    process.send_signal(signal.SIGTERM)
    process.wait(30)

    _, client = asking(start_server, tmp_path)
    with client:
        after_restart = client.get(f"/run?project=shop&id={older}", headers=BROWSER)
        with open_store(file, create=False) as store:
            name = runs[0].tests[0].nodeid
            step = AcceptedStep(nodeid=name, run_id=older, from_ns=0, accepted_at_ns=time.time_ns())
            store.accept([step], project="shop")
        after_a_word = followed(client, f"/run?project=shop&id={older}")
        compared = followed(client, f"/compare?project=shop&a={older}&b={runs[1].run.run_id}")
        by_program = client.get(f"/what-if?project=shop&id={older}")

    assert "being made" in first[0].text
    assert older in first[-1].text
    assert nowhere.status_code == 404
    assert "there is no run" in nowhere.text
    told = [
        each.headers["server-timing"] for each in (first[-1], after_a_run, after_restart, after_a_word[-1])
    ]
    assert told[0] == told[1] == told[2] != told[3]
    assert compared[-1].status_code == 200
    assert "50 new, not in the baseline" in compared[-1].text
    assert by_program.status_code == 200


def wait_for_kept(file: str) -> None:
    """Until a page of a run lies in the store."""
    until = time.monotonic() + 60
    with open_store(file, create=False) as store:
        while store.entry("run answer shop", "index") is None:
            assert time.monotonic() < until
            time.sleep(0.05)
