"""A real Prometheus scrapes a running server."""

import shutil
import socket
import subprocess
import time

import httpx
import pytest

from lapwing.model.access import Scope
from lapwing.operations.tokens import create_token
from lapwing.store.open_store import open_store

CONFIGURATION = """
global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}
scrape_configs:
  - job_name: lapwing
    authorization: {{credentials: {token}}}
    static_configs: [{{targets: ["{target}"]}}]
"""


@pytest.fixture
def prometheus(server, tmp_path):
    """A Prometheus that scrapes the server, as a client of its API."""
    command = shutil.which("prometheus")
    if command is None:
        pytest.skip("prometheus is not installed")
    with open_store(str(server.root / ".lapwing" / "store.sqlite"), create=False) as store:
        token = create_token(store, name="prometheus", scope=Scope.READ)[1]
    configuration = tmp_path / "prometheus.yml"
    target = server.url.removeprefix("http://")
    configuration.write_text(CONFIGURATION.format(token=token, target=target))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    arguments = [
        f"--config.file={configuration}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address={address}",
        "--log.level=error",
    ]
    process = subprocess.Popen([command, *arguments], cwd=tmp_path)
    try:
        with httpx.Client(base_url=f"http://{address}", timeout=30) as client:
            yield client
    finally:
        process.terminate()
        process.wait(30)


def scraped(prometheus: httpx.Client, query: str) -> list:
    """What a query finds, as soon as it finds anything."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            found = prometheus.get("/api/v1/query", params={"query": query}).json()
        except httpx.TransportError:  # it is still starting
            found = {"status": "starting"}
        if found["status"] == "success" and found["data"]["result"]:
            return found["data"]["result"]
        time.sleep(0.1)
    targets = prometheus.get("/api/v1/targets").text
    pytest.fail(f"nothing was scraped: {targets}")


@pytest.mark.slow_suite
def test_prometheus_finds_the_newest_run_of_each_project(server, prometheus):
    counted = scraped(prometheus, 'lapwing_last_run_tests{project="other",outcome="passed"}')

    assert [each["value"][1] for each in counted] == ["40"]
    runs = scraped(prometheus, "lapwing_runs")
    with server.client(key=True) as client:
        told = {line.split()[0]: line.split()[1] for line in client.get("/metrics").text.splitlines()}
    assert [each["value"][1] for each in runs] == [told["lapwing_runs"]]
