"""How honest load tests are: a frozen server, a known capacity, the server's own log, the price of a request.

The server of the tests runs in a process beside. Bare Locust is one user class of five lines, run by
Locust's own library. Processor time is read from the system, so that a busy machine matters little.
"""

import argparse
import json
import statistics
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lapwing.config.load import load_settings
from lapwing.model.load import LoadResult
from lapwing.operations.load import load_endpoint, stress_endpoint
from lapwing.perftest.load_child import LoadChild
from lapwing.perftest.load_plan import Shape, Where, child_plan, read_endpoint

SERVER: Final = Path(__file__).parents[1] / "tests" / "perftest" / "load" / "load_server.py"
USERS: Final = 20

BARE: Final = """
    import sys, time
    import gevent, locust
    from locust.env import Environment

    class Asking(locust.FastHttpUser):
        host = sys.argv[1]
        wait_time = {wait}

        @locust.task
        def ask(self):
            self.client.get("{path}")

    environment = Environment(user_classes=[Asking], events=locust.events)
    runner = environment.create_local_runner()
    runner.start({users}, spawn_rate=100)
    gevent.sleep(2)
    runner.stats.reset_all()
    cpu, count = time.process_time(), 0
    gevent.sleep({seconds})
    total = runner.stats.total
    percentiles = [total.get_response_time_percentile(each) for each in (0.95, 0.99)]
    print(time.process_time() - cpu, total.num_requests, *percentiles, total.max_response_time)
    runner.quit()
"""


@contextmanager
def serving() -> Iterator[str]:
    """The base URL of the server."""
    with subprocess.Popen(
        [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def bare(url: str, path: str, *, users: int, seconds: float, wait: str) -> list[float]:
    """Processor seconds, requests, p95, p99 and highest latency in ms of bare Locust."""
    program = textwrap.dedent(BARE).format(path=path, users=users, seconds=seconds, wait=wait)
    done = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, text=True, check=True, timeout=seconds + 60
    )
    return [float(word) for word in done.stdout.split()]


def freeze(url: str) -> None:
    """Two seconds in ten, at a hundred requests a second."""
    print("\nA server that freezes for 2 s in 10 s; 100 requests a second are intended.\n")
    print(f"{'':44} {'sent':>6} {'unsent':>7} {'p95':>8} {'p99':>8} {'max':>8}")
    path = "/freeze?key={}&after={}&lasts=2"
    _, count, p95, p99, most = bare(
        url, path.format("bare", 5), users=20, seconds=10, wait="locust.constant_pacing(0.2)"
    )
    print(f"{'bare Locust, 20 users, constant_pacing':44} {count:6.0f} {'':>7}" + _ms(p95, p99, most))
    settings = load_settings(Path.cwd(), environ={})
    common = {"duration_seconds": 10, "ramp_up_seconds": 0}
    for name, config in (
        ("closed model, 20 users, 5 a second each", {"concurrent_users": 20, "requests_per_user": 5}),
        ("open model, fixed, 200 users", {"arrival_rate": 100, "arrivals": "fixed"}),
        ("open model, Poisson, 200 users", {"arrival_rate": 100}),
        ("open model, fixed, 10 users", {"arrival_rate": 100, "arrivals": "fixed", "concurrent_users": 10}),
    ):
        endpoint = {"path": path.format(name.replace(" ", "_").replace(",", ""), 4), "base_url": url}
        (step,) = load_endpoint(settings, endpoint, {**common, **config}).steps
        figures = _ms(*((ns or 0) / 1e6 for ns in (step.p95_ns, step.p99_ns, step.max_ns)))
        print(f"{name:44} {step.requests:6} {step.unsent:7}{figures}")


def capacity(url: str) -> None:
    """A server that answers 400 a second, by both models."""
    print("\nA server built for 400 requests a second.\n")
    settings = load_settings(Path.cwd(), environ={})
    rising = {"step_duration": 5, "max_p95": "200ms"}
    for name, config in (
        ("open model", {"load_unit": "rps", "initial_load": 80, "step_size": 80, "max_load": 800}),
        (
            "20 users more each, 5 a second each",
            {"initial_load": 20, "step_size": 20, "max_load": 160, "requests_per_user": 5},
        ),
    ):
        result = stress_endpoint(
            settings, {"path": f"/capacity?rate=400&key={len(name)}", "base_url": url}, {**rising, **config}
        )
        print(f"{name:40} breaks at {_told(result)}")


def log(url: str) -> None:
    """Percentiles beside those of the server's own log."""
    print("\nPercentiles beside the server's own log (its time from the request to the answer).\n")
    with urllib.request.urlopen(f"{url}/log"):
        pass
    settings = load_settings(Path.cwd(), environ={})
    (step,) = load_endpoint(
        settings,
        {"path": "/logged", "base_url": url},
        {"arrival_rate": 100, "duration_seconds": 10, "ramp_up_seconds": 0},
    ).steps
    with urllib.request.urlopen(f"{url}/log") as answer:
        taken = sorted(json.load(answer))
    print(f"{'':10} {'lapwing':>10} {'server':>10}   of {step.requests} and {len(taken)} requests")
    for name, share, ns in (
        ("p50", 0.5, step.p50_ns),
        ("p95", 0.95, step.p95_ns),
        ("p99", 0.99, step.p99_ns),
    ):
        own = taken[max(0, int(len(taken) * share + 0.5) - 1)] * 1e3  # the rank that HdrHistogram takes
        print(f"{name:10} {(ns or 0) / 1e6:7.1f} ms {own:7.1f} ms")


def price(url: str, rounds: int) -> None:
    """Processor time per request of the generator, in turn with bare Locust."""
    print(f"\nProcessor time of the generator per request, {USERS} users, {rounds} rounds in turn.\n")
    costs: dict[str, list[float]] = {"bare Locust FastHttpUser": [], "lapwing": []}
    for _ in range(rounds):
        cpu, count, *_ = bare(url, "/", users=USERS, seconds=5, wait="locust.constant(0)")
        costs["bare Locust FastHttpUser"].append(cpu / count * 1e6)
        costs["lapwing"].append(_own_price(url))
    for name, each in costs.items():
        middle = statistics.median(each)
        print(
            f"{name:26} {middle:6.1f} us ({min(each):.1f} to {max(each):.1f}), "
            f"{1e6 / middle:,.0f} a second and core"
        )
    pairs = [
        own / other for other, own in zip(costs["bare Locust FastHttpUser"], costs["lapwing"], strict=True)
    ]
    print(f"lapwing by bare, median of pairs: {statistics.median(pairs):.3f}")


def _own_price(url: str) -> float:
    shape = Shape(is_open=False, lasts_s=5, ramp_s=2)
    plan = child_plan(read_endpoint({"path": "/", "base_url": url}), "", "", shape, Where())
    step = {
        "users": USERS,
        "rate": 0.0,
        "is_fixed": True,
        "pace_s": 0.0,
        "ramp_s": 2.0,
        "lasts_s": 7.0,
        "drain_s": 1.0,
    }
    seen: list[tuple[float, int]] = []
    total = 0
    with LoadChild(plan) as child:
        child.wait_until_ready()

        def on_tick(record: dict[str, Any]) -> None:
            nonlocal total
            if record["phase"] == "step":
                total += record["answered"]
                seen.append((_cpu_s(child.pid), total))

        child.play(step, on_tick)
    (cpu, count), (later, more) = seen[0], seen[5]
    return (later - cpu) / (more - count) * 1e6


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _ms(*values: float) -> str:
    return "".join(f" {value:5.0f} ms" for value in values)


def _told(result: LoadResult) -> str:
    if result.breaking_point_rps is None:
        return "nothing"
    held = result.performance_summary.highest_held_rps
    played = " ".join(f"{step.load:.0f}" for step in result.steps)
    return f"{result.breaking_point_rps:.0f}/s; highest held {held or 0:.0f}/s (played: {played})"


PARTS: Final = ("freeze", "capacity", "log", "price")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="of the price (default: 5)")
    arguments = parser.parse_args()
    parts = arguments.parts or PARTS
    with serving() as url:
        if "freeze" in parts:
            freeze(url)
        if "capacity" in parts:
            capacity(url)
        if "log" in parts:
            log(url)
        if "price" in parts:
            price(url, arguments.rounds)


if __name__ == "__main__":
    main()
