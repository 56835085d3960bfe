"""`lapwing load` and `lapwing stress` as people call them, with real Locust and a real server."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lapwing.store.open_store import open_store

pytestmark = pytest.mark.slow_suite

LAPWING = [sys.executable, "-m", "lapwing"]
# As at a terminal, even where these tests were started in the background, where Ctrl-C is ignored.
AT_TERMINAL = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from lapwing.cli.main import main; sys.exit(main())"
)
QUICK = ["--duration", "1s", "--ramp", "0s"]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    return tmp_path


@pytest.fixture
def lapwing(project):
    """(words) -> the finished process, in the project."""

    def run(*words):
        return subprocess.run([*LAPWING, *words], cwd=project, capture_output=True, text=True, timeout=120)

    return run


def stored(project):
    with open_store(str(project / ".lapwing" / "store.sqlite"), create=False) as store:
        return store.loads(project="shop")


def test_the_table_is_shown_and_the_result_is_stored(lapwing, project, load_server):
    done = lapwing("load", f"{load_server}/", "--users", "3", *QUICK)

    assert (done.returncode, done.stderr) == (0, "")
    assert "GET / holds 3 users" in done.stdout
    assert "achieved/s" in done.stdout
    assert [each.result.name for each in stored(project)] == ["GET /"]


def test_the_second_time_the_first_is_named(lapwing, load_server):
    lapwing("load", f"{load_server}/", "--users", "3", *QUICK)

    done = lapwing("load", f"{load_server}/", "--users", "3", *QUICK)

    assert "at 3 users p95" in done.stdout


def test_a_limit_of_the_configuration_is_judged_as_soon_as_it_is_measured(lapwing, project, load_server):
    with (project / "pyproject.toml").open("a") as file:
        file.write('[tool.lapwing.load_budgets."GET /"]\nrps = 1000000\n')

    done = lapwing("load", f"{load_server}/", "--users", "3", *QUICK)

    assert done.returncode == 1
    assert "GET / holds 3 users" in done.stdout
    assert "GET / (requests a second, at least): " in done.stderr
    assert "(limit: 1,000,000)" in done.stderr


def test_what_was_kept_is_listed_the_newest_first(lapwing, load_server):
    lapwing("load", f"{load_server}/", "--users", "1", *QUICK)
    lapwing("load", f"{load_server}/failing", "--users", "1", *QUICK)

    table = lapwing("load", "--list").stdout
    document = json.loads(lapwing("load", "--list", "--name", "GET /", "--format", "json").stdout)

    assert table.index("does not hold") < table.index("holds")
    assert [each["name"] for each in document["loads"]] == ["GET /"]


def test_a_run_shows_the_load_tests_that_were_played_since(lapwing, project, load_server):
    (project / "test_shop.py").write_text("def test_it(): pass\n")
    lapwing("run", "--", "-p", "no:cacheprovider")
    lapwing("load", f"{load_server}/", "--users", "1", *QUICK)

    assert "GET /" in lapwing("show").stdout
    assert "GET /" in lapwing("report", "--format", "html", "--output", "-").stdout
    assert "GET /" in lapwing("report", "--format", "markdown").stdout


def test_nothing_to_load_and_nothing_to_list_is_told(lapwing):
    assert "no load or stress test is kept" in lapwing("load", "--list").stdout
    assert (lapwing("load").returncode, lapwing("stress").returncode) == (2, 2)


def test_a_load_that_is_not_held_ends_with_1(lapwing, load_server):
    done = lapwing("load", f"{load_server}/failing", "--rate", "30", *QUICK)

    assert done.returncode == 1
    assert "failures 100% > 2.0%" in done.stdout
    assert "503" in done.stdout


def test_json_has_the_documented_keys(lapwing, load_server):
    done = lapwing("load", f"{load_server}/", "--rate", "50", *QUICK, "--format", "json", "--no-store")

    document = json.loads(done.stdout)
    assert document["format_version"] == 1
    assert document["breaking_point_rps"] is None
    keys = {"offered_rps", "achieved_rps", "p50_s", "p95_s", "p99_s", "failures", "lateness_s"}
    assert keys <= set(document["steps"][0])
    assert document["steps"][0]["offered_rps"] == pytest.approx(50, abs=25)


def test_no_store_keeps_nothing(lapwing, project, load_server):
    lapwing("load", f"{load_server}/", "--users", "1", *QUICK, "--no-store")

    assert not (project / ".lapwing").exists()


def test_users_of_a_locustfile_are_played(lapwing, project, load_server, noted):
    (project / "locustfile.py").write_text(
        "from locust import FastHttpUser, constant, task\n"
        "class Buyer(FastHttpUser):\n"
        "    wait_time = constant(0.1)\n"
        "    @task\n"
        "    def buy(self):\n"
        "        print('printed by a user')\n"
        "        self.client.post('/note', data='from a locustfile')\n"
    )

    done = lapwing("load", "locustfile.py", "--host", load_server, "--users", "2", *QUICK, "--format", "json")

    (step,) = json.loads(done.stdout)["steps"]
    assert (step["failures"], step["offered_rps"]) == (0, None)
    assert {each["body"] for each in noted()} == {"from a locustfile"}


def test_users_of_a_locustfile_follow_a_rate_of_arrivals(lapwing, project, load_server):
    (project / "locustfile.py").write_text(
        "from locust import FastHttpUser, task\n"
        "class Buyer(FastHttpUser):\n"
        "    @task\n"
        "    def buy(self):\n"
        "        self.client.get('/')\n"
    )
    words = ["--rate", "40", "--arrivals", "fixed", "--duration", "2s", "--ramp", "0s", "--format", "json"]

    done = lapwing("load", "locustfile.py", "--host", load_server, *words)

    assert json.loads(done.stdout)["steps"][0]["requests"] == pytest.approx(80, abs=4)


def test_a_locustfile_that_breaks_says_how(lapwing, project, load_server):
    (project / "locustfile.py").write_text("import no_such_module\n")

    done = lapwing("load", "locustfile.py", "--host", load_server, *QUICK)

    assert done.returncode == 2
    assert "no_such_module" in done.stderr


def test_a_locustfile_without_users_is_told_in_one_line(lapwing, project, load_server):
    (project / "locustfile.py").write_text("rows = 1\n")

    done = lapwing("load", "locustfile.py", "--host", load_server, *QUICK)

    assert done.returncode == 2
    assert "locustfile.py has no user class of Locust" in done.stderr
    assert "FastHttpUser" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of open files")
def test_a_low_limit_of_open_files_does_not_limit_the_users(project, load_server):
    words = [f"{load_server}/capacity?rate=300&key=files", "--users", "150", *QUICK, "--format", "json"]
    limited = 'ulimit -S -n 100; exec "$0" "$@"'

    done = subprocess.run(
        ["sh", "-c", limited, *LAPWING, "load", *words],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert json.loads(done.stdout)["steps"][0]["errors"] == {}


def test_stress_finds_the_breaking_point(lapwing, load_server):
    words = ["--from", "100", "--to", "400", "--step", "150", "--step-duration", "2s"]

    done = lapwing("stress", f"{load_server}/capacity?rate=150&key=cli", *words, "--format", "json")

    assert done.returncode == 1
    assert 120 <= json.loads(done.stdout)["breaking_point_rps"] <= 200


@pytest.mark.skipif(sys.platform == "win32", reason="has no terminal of this kind")
def test_ctrl_c_ends_the_generator_and_gives_the_numbers_so_far(project, load_server):
    leader, follower = pty.openpty()
    words = [
        "load",
        f"{load_server}/",
        "--users",
        "2",
        "--duration",
        "60s",
        "--ramp",
        "0s",
        "--format",
        "json",
    ]
    with subprocess.Popen(
        [sys.executable, "-c", AT_TERMINAL, *words],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=follower,
        text=True,
    ) as process:
        shown = _read_until(leader, b"/s, p95")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        os.close(follower)
        os.close(leader)

    document = json.loads(out)
    assert process.returncode == 130
    assert document["is_complete"] is False
    assert document["steps"][0]["requests"] > 0
    assert "under way" in shown.decode()
    assert not _generators_of(process.pid)


def _read_until(terminal, wanted):
    """What is shown on a terminal until `wanted` is."""
    shown = b""
    deadline = time.monotonic() + 60
    while wanted not in shown:
        assert time.monotonic() < deadline, shown
        shown += os.read(terminal, 4096)
    return shown + os.read(terminal, 4096)


def _generators_of(pid):
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(place.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(place)
    return found
