"""Real Locust in its child process, against a real server."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from lapwing import load_test_endpoint, stress_test
from lapwing.errors import ConfigurationError, LoadError

pytestmark = pytest.mark.slow_suite

SHORT = {"concurrent_users": 4, "duration_seconds": 1, "ramp_up_seconds": 0}


def test_users_in_the_closed_model_ask_without_a_failure(load_server):
    result = load_test_endpoint({"path": "/", "base_url": load_server}, SHORT)

    step = result.steps[0]
    assert (step.users, step.failures, step.is_held) == (4, 0, True)
    assert step.requests == pytest.approx(step.achieved_rps, abs=10)
    assert 0 < step.p50_s <= step.p95_s <= step.p99_s <= step.max_s
    assert step.offered_rps == pytest.approx(4 / step.p50_s, rel=0.01)
    assert result.performance_summary.can_handle_load


def test_the_request_is_sent_as_it_was_written(load_server, noted):
    endpoint = {
        "method": "PUT",
        "path": "/note?a=%20b",
        "headers": [("X-Mark", "1"), ("X-Mark", "2")],
        "body": {"amount": 3},
        "base_url": load_server,
    }

    load_test_endpoint(endpoint, SHORT)

    asked = noted()[0]
    headers = dict(asked["headers"])
    assert (asked["method"], asked["url"], asked["body"]) == (
        "PUT",
        f"{load_server}/note?a=%20b",
        '{"amount": 3}',
    )
    assert (headers["x-mark"], headers["content-type"]) == ("1, 2", "application/json")


def test_a_body_of_bytes_is_sent_as_it_is():
    """Read by an application of this process: what JSON and text could do to it would show."""
    body = bytes(range(256))
    asked = []

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        asked.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    load_test_endpoint({"method": "POST", "path": "/", "app": app, "body": body}, SHORT)

    assert set(asked) == {body}


def test_redirects_are_not_followed(load_server, noted):
    load_test_endpoint({"path": "/away", "base_url": load_server}, SHORT)

    assert noted() == []


def test_answers_with_an_error_are_failures(load_server):
    result = load_test_endpoint({"path": "/failing", "base_url": load_server}, SHORT)

    step = result.steps[0]
    assert step.failures == step.requests > 0
    assert not result.performance_summary.can_handle_load
    assert any("503" in text for text in step.errors)


def test_requests_that_are_never_answered_are_failures(load_server):
    config = {"arrival_rate": 10, "arrivals": "fixed", "duration_seconds": 1, "ramp_up_seconds": 0}

    result = load_test_endpoint({"path": "/never", "base_url": load_server}, {**config, "drain_seconds": 0.2})

    step = result.steps[0]
    assert step.unanswered == step.failures == step.requests
    assert step.requests >= 8


def test_nothing_is_sent_that_is_due_after_the_end(load_server, noted):
    """Else it would be counted in the next step of a rising load, answered before it was due."""
    config = {"arrival_rate": 1.5, "arrivals": "fixed", "duration_seconds": 1, "ramp_up_seconds": 0}

    result = load_test_endpoint({"path": "/note", "base_url": load_server}, config)

    assert (result.steps[0].requests, len(noted())) == (1, 1)


def test_a_freeze_shows_in_the_open_model_and_what_could_not_be_sent_is_said(load_server):
    """One second in five: the slowest twentieth of all requests waited longer than 0.75 s."""
    config = {"arrival_rate": 100, "arrivals": "fixed", "duration_seconds": 5, "ramp_up_seconds": 0}
    path = "/freeze?key={}&after=3.5&lasts=1"

    enough = load_test_endpoint({"path": path.format("enough"), "base_url": load_server}, config)
    few = load_test_endpoint(
        {"path": path.format("few").replace("3.5", "4.2"), "base_url": load_server},
        {**config, "concurrent_users": 5},
    )

    assert 0.65 < enough.steps[0].p95_s < 2.5
    assert enough.steps[0].offered_rps == pytest.approx(100, abs=2)
    assert few.steps[0].unsent > 0
    assert any("could not be sent" in note for note in few.notes)


def test_the_breaking_point_of_a_server_is_found(load_server):
    config = {"load_unit": "rps", "initial_load": 200, "max_load": 800, "step_size": 200, "step_duration": 3}

    result = stress_test({"path": "/capacity?rate=400", "base_url": load_server}, config)

    assert 340 <= result.breaking_point_rps <= 460
    assert not result.performance_summary.can_handle_load
    assert result.performance_summary.highest_held_rps <= 440


def test_two_processes_share_the_load(load_server):
    config = {"arrival_rate": 60, "arrivals": "fixed", "duration_seconds": 2, "ramp_up_seconds": 0}

    result = load_test_endpoint({"path": "/", "base_url": load_server}, {**config, "processes": 2})

    assert result.workers == 2
    assert result.steps[0].requests == pytest.approx(120, abs=6)


def test_workers_on_other_machines_get_their_locustfile_from_the_master(load_server):
    """The machine is this one, and what would be ssh is env."""
    locust = Path(sys.executable).with_name("locust")
    command = f"env HOST={{host}} {locust} -f - --worker --master-host {{master}} --master-port {{port}}"
    config = {**SHORT, "workers": ["worker-1.test"], "worker_command": command, "master": "127.0.0.1"}

    result = load_test_endpoint({"path": "/", "base_url": load_server}, config)

    assert result.workers == 1
    assert result.steps[0].requests > 0


def test_the_workers_of_an_existing_cluster_are_waited_for(load_server):
    locust = Path(sys.executable).with_name("locust")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["-f", "-", "--worker", "--master-host", "127.0.0.1", "--master-port", str(port)]
    with (
        subprocess.Popen([locust, *words], stderr=subprocess.DEVNULL) as one,
        subprocess.Popen([locust, *words], stderr=subprocess.DEVNULL) as other,
    ):
        result = load_test_endpoint(
            {"path": "/", "base_url": load_server},
            {**SHORT, "expect_workers": 2, "bind": "127.0.0.1", "port": port},
        )
        codes = (one.wait(60), other.wait(60))

    assert result.workers == 2
    assert result.steps[0].users == 4
    assert codes == (0, 0)


def test_a_port_that_is_taken_is_told(load_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = {"expect_workers": 1, "bind": "127.0.0.1", "port": taken.getsockname()[1]}

        with pytest.raises(LoadError, match="Address already in use") as caught:
            load_test_endpoint({"path": "/", "base_url": load_server}, {**SHORT, **where})

    assert "--port" in caught.value.mend


def test_workers_that_do_not_come_fail_the_test(load_server):
    with pytest.raises(LoadError, match="0 of 1 workers came"):
        load_test_endpoint(
            {"path": "/", "base_url": load_server}, {**SHORT, "expect_workers": 1, "worker_wait_seconds": 2}
        )


def test_a_lost_worker_fails_the_test(load_server):
    """As it would on a machine that goes down: Locust's own master ends with 0 and half the users."""
    with pytest.raises(LoadError, match="ended with exit code -9") as caught:
        _with_killer(
            lambda: load_test_endpoint(
                {"path": "/", "base_url": load_server},
                {"concurrent_users": 2, "duration_seconds": 20, "ramp_up_seconds": 0, "processes": 2},
            )
        )

    assert caught.value.result.is_complete is False


def _with_killer(act):
    """Do `act` while one worker below this process is killed, two seconds after both are there."""
    script = textwrap.dedent(
        """
        import os, pathlib, signal, sys, time
        def below(pid):
            own = [int(each) for each in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            return own + [each for one in own for each in below(one)]
        def workers():
            found = []
            for pid in below(int(sys.argv[1])):
                try:
                    words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(bytes(1))
                except OSError:
                    continue
                if b"lapwing.perftest.locust_child" in words and b"worker" in words:
                    found.append(pid)
            return found
        for _ in range(300):
            time.sleep(0.1)
            if len(workers()) == 2:
                time.sleep(4)
                os.kill(workers()[0], signal.SIGKILL)
                break
        """
    )
    with subprocess.Popen([sys.executable, "-c", script, str(os.getpid())]):
        act()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_generator_ends_with_a_parent_that_is_killed(load_server):
    code = f"""
import lapwing
endpoint = {{"path": "/", "base_url": {load_server!r}}}
config = {{"concurrent_users": 2, "duration_seconds": 60, "ramp_up_seconds": 0, "processes": 2}}
lapwing.load_test_endpoint(endpoint, config)
"""
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        children = _wait_for(lambda: _below(parent.pid), 3)
        parent.send_signal(signal.SIGKILL)
        parent.wait()

        assert _wait_for(lambda: ["all"] * (not any(map(_is_alive, children))), 1)


def _wait_for(look, count):
    """What `look` finds, once it is so many."""
    for _ in range(300):
        found = look()
        if len(found) >= count:
            return found
        time.sleep(0.1)
    raise AssertionError(f"only {look()} came")


def _below(pid):
    try:
        own = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return own + [each for one in own for each in _below(one)]


def _is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_asgi_application_of_this_process_is_served_and_loaded():
    async def app(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})

    result = load_test_endpoint({"path": "/", "app": app}, SHORT)

    assert result.steps[0].requests > 0
    assert result.steps[0].failures == 0


def test_a_wsgi_application_of_this_process_is_served_and_loaded():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    result = load_test_endpoint({"path": "/", "app": app}, SHORT)

    assert result.steps[0].requests > 0
    assert result.steps[0].failures == 0


def test_nothing_of_locust_is_loaded_into_this_process():
    assert not {"gevent", "locust"} & set(sys.modules)


def test_a_public_target_is_refused_before_anything_is_sent():
    with pytest.raises(ConfigurationError, match="--i-own-this-target"):
        load_test_endpoint({"path": "/", "base_url": "http://8.8.8.8"}, SHORT)
