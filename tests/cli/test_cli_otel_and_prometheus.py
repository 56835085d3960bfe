"""`lapwing otel` and `lapwing prometheus`: a stored run for collectors, files and a real Pushgateway."""

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

SAMPLE = re.compile(r'^[a-z_]+\{([a-z_]+="(\\.|[^"\\\n])*",?)*\} -?[0-9.e+-]+$')


def test_a_collector_that_is_down_is_an_error_that_names_it(with_history: Any) -> None:
    pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert with_history.run("otel", "--endpoint", f"http://127.0.0.1:{port}") == 2

    assert f"http://127.0.0.1:{port}" in with_history.err


def test_figures_are_in_the_text_format(with_slower_test: Any) -> None:
    assert with_slower_test.run("prometheus") == 0

    lines = with_slower_test.out.splitlines()
    assert all(line.startswith("# ") or SAMPLE.match(line) for line in lines)
    assert 'lapwing_tests{project="shop",branch="main",outcome="passed"} 40' in lines
    assert 'lapwing_run_duration_seconds{project="shop",branch="main"} 5.0' in lines
    assert 'lapwing_regressions{project="shop",branch="main"} 1' in lines


def test_a_hostile_branch_stays_inside_its_label(shop: Any, make_run: Any) -> None:
    from lapwing.model.run import Revision

    shop.record(make_run(0, revision=Revision(branch='a"} 1\nlapwing_tests{b="\\', commit="0" * 40)))

    shop.run("prometheus")

    assert all(line.startswith("# ") or SAMPLE.match(line) for line in shop.out.splitlines())


def test_a_file_for_the_textfile_collector_is_written_whole(with_history: Any) -> None:
    target = with_history.root / "metrics" / "lapwing.prom"

    assert with_history.run("prometheus", "--output", str(target)) == 0

    assert target.read_text().startswith("# HELP lapwing_run_timestamp_seconds")
    assert [each.name for each in target.parent.iterdir()] == ["lapwing.prom"]


def test_promtool_accepts_the_figures_without_a_remark(with_history: Any) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    with_history.run("prometheus")

    checked = subprocess.run(
        [promtool, "check", "metrics"], input=with_history.out, text=True, capture_output=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert 'percentile="95"' in with_history.out


@pytest.fixture
def gateway() -> Iterator[str]:
    """The address of a real Pushgateway."""
    command = shutil.which("prometheus-pushgateway")
    if command is None:
        pytest.skip("prometheus-pushgateway is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [command, f"--web.listen-address={address}", "--persistence.file="],  # nothing of earlier runs
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://{address}/-/ready", timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait()


@pytest.mark.slow_suite
def test_a_push_takes_the_place_of_the_one_before(with_history: Any, make_run: Any, gateway: str) -> None:
    assert with_history.run("prometheus", "--push", gateway) == 0
    with_history.record(make_run(7, duration_ns=9_000_000_000))
    assert with_history.run("prometheus", "--push", gateway) == 0

    with urllib.request.urlopen(f"{gateway}/metrics", timeout=10) as answer:
        lines = [
            line
            for line in answer.read().decode().splitlines()
            if line.startswith("lapwing_run_duration_seconds{")
        ]

    assert len(lines) == 1
    assert 'project="shop"' in lines[0]
    assert lines[0].endswith(" 9")


@pytest.mark.slow_suite
def test_a_gateway_that_holds_figures_labeled_otherwise_takes_the_new_ones(
    with_history: Any, gateway: str
) -> None:
    earlier = (
        "# TYPE lapwing_test_duration_seconds gauge\n"
        'lapwing_test_duration_seconds{project="cart",branch="main",quantile="0.5"} 1\n'
    )
    url = f"{gateway}/metrics/job/lapwing/project/cart/branch/main"
    request = urllib.request.Request(url, data=earlier.encode(), method="PUT")
    urllib.request.urlopen(request, timeout=10).close()

    assert with_history.run("prometheus", "--push", gateway) == 0

    with urllib.request.urlopen(f"{gateway}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    assert 'percentile="95"' in text
    assert 'quantile="0.5"' in text


def test_a_gateway_that_is_down_is_said(with_history: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert with_history.run("prometheus", "--push", f"http://127.0.0.1:{port}") == 2

    assert "were not taken" in with_history.err
