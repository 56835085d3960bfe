"""`lapwing notify`: a real web server gets real messages; a channel that fails is said and tried again."""

import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lapwing.model.record import Outcome
from lapwing.model.run import Revision
from lapwing.model.system_watch import SystemWatch
from lapwing.operations import notify as notify_operation
from lapwing.store.system_file import write_system_watch

pytest.importorskip("apprise")


class Receiver(ThreadingHTTPServer):
    """A web hook: what came in, and how many of the next requests it refuses."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.got: list[dict[str, str]] = []
        self.refusals = 0

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_address[1]}/hook?cto=5&rto=5"

    @property
    def titles(self) -> list[str]:
        return [each["title"] for each in self.got]


class Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refusals:
            self.server.refusals -= 1
            self.send_response(503)
        else:
            self.server.got.append(json.loads(body))
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hook(serving: Any) -> Receiver:
    server: Receiver = serving(Receiver())
    return server


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between attempts are noted, not slept."""
    pauses: list[float] = []
    defaults = notify_operation.notify.__kwdefaults__
    monkeypatch.setitem(defaults, "sleep", pauses.append)
    return pauses


@pytest.fixture
def told(with_slower_test: Any, hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shop whose newest run has a test four times as slow, and a web hook."""
    monkeypatch.setenv("LAPWING_ALERTS", hook.address)
    return with_slower_test


def test_a_regression_is_told_with_its_numbers(told: Any, hook: Receiver) -> None:
    assert told.run("notify") == 0

    assert hook.titles == ["shop: Slower +294%: tests/api/test_shop.py::test_7 (critical)"]
    assert "baseline: 108 ms" in hook.got[0]["message"]
    assert hook.got[0]["type"] == "failure"


@pytest.mark.parametrize(
    ("single", "told_subjects"),
    [(20, ["tests/api/test_shop.py::test_7"]), (9900, ["api (category)", "suite", "tests/api"])],
    ids=["the test is told", "the test alone may be as slow"],
)
def test_a_sum_is_told_where_no_test_that_is_told_explains_it(
    shop: Any,
    hook: Receiver,
    make_run: Any,
    monkeypatch: pytest.MonkeyPatch,
    single: int,
    told_subjects: list[str],
) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", hook.address)
    (shop.root / "pyproject.toml").write_text(
        f'[tool.lapwing]\nbase_branch = "main"\nindividual_test_threshold = {single}\n'
    )
    shop.record(*(make_run(number) for number in range(7)), make_run(7, factors={7: 40.0}))

    assert shop.run("notify") == 0

    subjects = [title.rpartition(": ")[2].removesuffix(" (critical)") for title in hook.titles]
    assert sorted(subjects) == told_subjects


def test_what_lasts_is_not_told_again(told: Any, hook: Receiver, make_run: Any) -> None:
    told.run("notify")
    told.record(make_run(8, factors={7: 4.0}))

    assert told.run("notify") == 0

    assert len(hook.got) == 1
    assert "nothing new to tell" in told.out


def test_recovery_is_told_once(told: Any, hook: Receiver, make_run: Any) -> None:
    told.run("notify")
    told.record(make_run(8))

    told.run("notify")
    told.run("notify")

    assert hook.titles[1:] == ["shop: Recovered: Slower +294%: tests/api/test_shop.py::test_7 (recovered)"]
    assert hook.got[1]["type"] == "success"


def test_the_alert_of_a_test_that_was_removed_is_closed_after_twenty_runs(
    told: Any, hook: Receiver, make_run: Any
) -> None:
    def without_the_test(number: int) -> Any:
        run = make_run(number, started_at_ns=time.time_ns() + number * 10**9)
        return run._replace(tests=tuple(each for each in run.tests if not each.nodeid.endswith("test_7")))

    told.run("notify")
    told.record(*(without_the_test(number) for number in range(8, 27)))
    told.run("notify")
    assert len(hook.got) == 1

    told.record(without_the_test(27))
    told.run("notify")

    assert hook.titles[1:] == ["shop: Recovered: Slower +294%: tests/api/test_shop.py::test_7 (recovered)"]
    assert "do not have this test" in hook.got[1]["message"]


def test_a_busy_service_is_asked_again(told: Any, hook: Receiver, no_waiting: list[float]) -> None:
    hook.refusals = 2

    assert told.run("notify") == 0

    assert len(hook.got) == 1
    assert no_waiting == [1.0, 3.0]


def test_what_a_service_refuses_is_said_and_goes_with_the_next_call(told: Any, hook: Receiver) -> None:
    hook.refusals = 3

    assert told.run("notify") == 2
    assert "did not take 1 alert" in told.err
    assert told.run("notify") == 0

    assert len(hook.got) == 1


def test_one_dead_channel_does_not_keep_the_others_from_being_told(
    told: Any, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", f"json://127.0.0.1:1/dead?cto=1 {hook.address}")

    assert told.run("notify") == 2

    assert len(hook.got) == 1
    assert "json://127.0.0.1:1/dead did not take 1 alert" in told.err


def test_many_alerts_go_in_one_message(shop: Any, hook: Receiver, make_run: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", hook.address)
    (shop.root / "pyproject.toml").write_text(
        '[tool.lapwing]\nbase_branch = "main"\n[tool.lapwing.categories.api]\nbudget = "50ms"\n'
    )
    shop.record(*(make_run(number) for number in range(6)))

    assert shop.run("notify") == 0

    assert hook.titles == ["shop: 20 alerts: 20 critical"]
    assert hook.got[0]["message"].count("Over budget:") == 20


def test_more_than_an_hour_takes_wait_and_are_said(told: Any, hook: Receiver, make_run: Any) -> None:
    (told.root / "pyproject.toml").write_text('[tool.lapwing]\nbase_branch = "main"\nalerts_per_hour = 1\n')
    told.run("notify")
    told.record(make_run(8, factors={9: 4.0}))

    assert told.run("notify") == 2

    assert len(hook.got) == 1
    assert "alerts_per_hour" in told.err


def test_an_address_takes_secrets_from_the_environment_and_never_shows_them(
    told: Any, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = hook.server_address[1]
    monkeypatch.delenv("LAPWING_ALERTS")
    monkeypatch.setenv("HOOK_PASSWORD", "geheim")
    (told.root / "pyproject.toml").write_text(
        f'[tool.lapwing]\nbase_branch = "main"\nalerts = ["json://me:$HOOK_PASSWORD@127.0.0.1:{port}/x"]\n'
    )

    assert told.run("notify") == 0

    assert len(hook.got) == 1
    assert "geheim" not in told.out + told.err
    assert "geheim" not in (told.root / ".lapwing" / "alerts.json").read_text()


@pytest.mark.parametrize("address", ["nonsense", "slack://x", "json://$NOT_SET/x", "json://a$/x"])
def test_a_wrong_address_is_refused_before_anybody_is_told(
    told: Any, hook: Receiver, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", f"{hook.address} {address}")

    assert told.run("notify") == 2

    assert hook.got == []
    assert "alerts, entry 2" in told.err


def test_a_test_message_changes_nothing(told: Any, hook: Receiver) -> None:
    assert told.run("notify", "--test") == 0

    assert hook.titles == ["shop: this channel works (recovered)"]
    assert not (told.root / ".lapwing" / "alerts.json").exists()


def test_without_channels_it_says_so_and_keeps_the_book(with_slower_test: Any) -> None:
    assert with_slower_test.run("notify") == 0
    assert "no channel is set" in with_slower_test.out

    document = with_slower_test.json("notify", "--list")
    assert [each["subject"] for each in document["open"]] == ["tests/api/test_shop.py::test_7"]


def test_terminal_and_dashboard_may_be_named(told: Any, hook: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", f"terminal dashboard {hook.address}")

    assert told.run("notify") == 0

    assert len(hook.got) == 1


def test_a_broken_book_is_named_and_kept(with_slower_test: Any) -> None:
    book = with_slower_test.root / ".lapwing" / "alerts.json"
    book.write_text("{")

    assert with_slower_test.run("notify") == 2

    assert "alerts.json" in with_slower_test.err
    assert (book.parent / "alerts.json.corrupt").read_text() == "{"


def test_json_tells_alerts_open_causes_and_deliveries(told: Any) -> None:
    document = told.json("notify")

    assert document["format_version"] == 1
    assert [each["level"] for each in document["alerts"]] == ["critical"]
    assert [(each["told"], each["waiting"], each["fault"]) for each in document["deliveries"]] == [(1, 0, "")]


def test_the_desktop_gets_title_and_text_apart(
    with_slower_test: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    command = tmp_path / "bin" / "notify-send"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=":")
    monkeypatch.setenv("LAPWING_ALERTS", "desktop")

    assert with_slower_test.run("notify") == 0

    lines = said.read_text().splitlines()
    assert lines[1:4] == [
        "--urgency=critical",
        "--",
        "shop: Slower +294%: tests/api/test_shop.py::test_7 (critical)",
    ]


def test_a_desktop_without_a_command_for_it_is_said_at_once(
    with_slower_test: Any,
    hook: Receiver,
    no_waiting: list[float],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LAPWING_ALERTS", f"desktop {hook.address}")

    assert with_slower_test.run("notify") == 2

    assert "neither notify-send nor osascript" in with_slower_test.err
    assert "apt-get install libnotify-bin" in with_slower_test.err
    assert no_waiting == []
    assert len(hook.got) == 1  # the others are told all the same


def test_a_service_that_this_machine_lacks_something_for_names_it(
    with_slower_test: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import apprise

    services = apprise.Apprise().details(show_requirements=True, show_disabled=True)["schemas"]
    lacking = [each for each in services if not each["enabled"] and each["requirements"]["packages_required"]]
    if not lacking:
        pytest.skip("everything that apprise can use is installed")
    scheme = lacking[0]["protocols"][0]
    monkeypatch.setenv("LAPWING_ALERTS", f"{scheme}://localhost/secret")

    assert with_slower_test.run("notify") == 2

    assert f"cannot send to {scheme}:// here" in with_slower_test.err
    assert lacking[0]["requirements"]["packages_required"][0] in with_slower_test.err
    assert "secret" not in with_slower_test.err


def test_a_test_that_failed_and_passed_on_one_commit_is_told_as_flaky(
    shop: Any, hook: Receiver, make_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", hook.address)
    runs = [
        make_run(number, revision=Revision(commit="c" * 40, branch="main", dirty=False))
        for number in range(6)
    ]
    failed = runs[2].tests[3]._replace(outcome=Outcome.FAILED)
    runs[2] = runs[2]._replace(tests=(*runs[2].tests[:3], failed, *runs[2].tests[4:]))
    shop.record(*runs)

    shop.run("notify")

    assert hook.titles == ["shop: Flaky: tests/api/test_shop.py::test_3 (warning)"]


def test_a_machine_without_memory_is_told_after_the_run_that_saw_it(
    with_history: Any, hook: Receiver, make_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", hook.address)
    began = make_run(5).run.started_at_ns
    write_system_watch(
        with_history.root / ".lapwing" / "system.json",
        SystemWatch(began - 1, began + 10**9, least_available_share=0.04),
    )

    with_history.run("notify")

    assert hook.titles == ["shop: Little memory: 4.0% left (warning)"]


@pytest.mark.slow_suite
def test_several_at_once_tell_a_cause_once(told: Any, hook: Receiver) -> None:
    command = [sys.executable, "-m", "lapwing", "notify"]
    several = [subprocess.Popen(command, cwd=told.root, stdout=subprocess.DEVNULL) for _ in range(3)]

    assert [each.wait() for each in several] == [0, 0, 0]

    assert len(hook.got) == 1


def test_an_owners_channel_is_told_of_the_owners_tests_alone(
    with_slower_test: Any, hook: Receiver, serving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody, others = serving(Receiver()), serving(Receiver())
    (with_slower_test.root / "CODEOWNERS").write_text("tests/api/ @shop ann@example.com\ntests/web/ @web\n")
    addresses = [f"@shop={hook.address}", everybody.address, f"@web={others.address}"]
    monkeypatch.setenv("LAPWING_ALERTS", " ".join(addresses))

    assert with_slower_test.run("notify") == 0

    assert (len(hook.got), len(everybody.got), len(others.got)) == (1, 1, 0)


def test_one_address_for_two_owners_is_told_once(
    with_slower_test: Any, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    (with_slower_test.root / "CODEOWNERS").write_text("tests/ @shop ann@example.com\n")
    monkeypatch.setenv("LAPWING_ALERTS", f"ann@example.com={hook.address} @shop={hook.address}")

    assert with_slower_test.run("notify") == 0

    assert len(hook.got) == 1


def test_an_owner_without_a_file_of_owners_is_refused_before_anybody_is_told(
    with_slower_test: Any, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAPWING_ALERTS", f"{hook.address} @shop={hook.address}")

    assert with_slower_test.run("notify") == 2

    assert "CODEOWNERS" in with_slower_test.err
    assert not hook.got
