"""Shows Lapwing at work: records a suite five times, makes it slower, and lets Lapwing find what is slower.

    python examples/demo.py             the example shop, about three minutes
    python examples/demo.py FOLDER      a suite of your own

Everything happens in a copy below `.demo/`, made anew each time; the original is not touched. The
shop is slowed down by `slow_down.py`, which edits one line of its code. In another suite the code
stays as it is: a small pytest plugin beside the copy lets one test, which is named, compute for as
long again as it took. That suite has to run with what is installed for this Python; it need not be
installed itself: its folder and `src` in it are on the path.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
SHOP = HERE / "shop"
DEMO = HERE.parent / ".demo"
PLUGINS = DEMO / "slowdown-plugin"

BASELINE_RUNS = 5
CONFIRMING_RUNS = (
    "5"  # of the suspects only: one run alone cannot tell a slowdown from a pause of the machine
)
QUIET = ("-q", "--tb=no", "-rN")
LOOP_SCOPE = "asyncio_default_fixture_loop_scope"
LEAST_CALL_NS = 5_000_000
LEAST_EXTRA_SECONDS = 0.02
CALL_SHARE = 0.9

LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".hg", ".demo", ".lapwing", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__",
    ".*_cache", ".hypothesis", ".performance_data.json", ".performance_baseline.json",
)  # fmt: skip
CONFIGURATION = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
SHARED_CONFIGURATION = {"pyproject.toml": "[tool.pytest", "tox.ini": "[pytest]", "setup.cfg": "[tool:pytest]"}

SLOWDOWN_PLUGIN = '''\
"""Slows one test down, for the demo: its call computes for as long again as it took."""

import time

import pytest

NODEID = {nodeid!r}


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item):
    started = time.perf_counter()
    result = yield
    if item.nodeid == NODEID:
        until = time.perf_counter() + max({least}, time.perf_counter() - started)
        while time.perf_counter() < until:
            pass
    return result
'''


def main() -> int:
    """Run the demo; 0 if Lapwing names a test that was slowed down or says why it cannot, else 1."""
    given = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else SHOP
    suite = copied(given)
    is_shop = given == SHOP
    quiet = (*QUIET, *loop_scope(suite))

    title(f"{BASELINE_RUNS} runs as they are make the baseline")
    lapwing(suite, "baseline", "update", "--runs", str(BASELINE_RUNS), "--yes", "--", *quiet)

    title("Something becomes slower")
    slowed, extra = slow_the_shop(suite) if is_shop else slow_one_test(suite)

    title("The next run")
    lapwing(suite, "run", "--", *quiet, "--confirm", CONFIRMING_RUNS, *extra)

    title("What Lapwing says")
    lapwing(suite, "check", accepted=(0, 1))
    judgment = json.loads(answer(suite, "check", "--format", "json"))
    return summed_up(judgment, slowed)


def copied(given: Path) -> Path:
    """A fresh copy of the suite below `.demo/`, as a git checkout of its own where git is there."""
    if not given.is_dir():
        stop(f"{given} is no folder")
    if DEMO.is_relative_to(given):
        stop(f"{given} has this project in it; name the folder of one suite")
    suite = DEMO / given.name
    shutil.rmtree(DEMO, ignore_errors=True)
    shutil.copytree(given, suite, symlinks=True, ignore=LEFT_BEHIND)
    if not is_configured(suite):
        # Without a file of its own, pytest would look upward and take this project's.
        (suite / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    if shutil.which("git"):
        commit(suite, "As it was", start=True)
    print(f"A copy of {given} is in {suite}.")
    return suite


def is_configured(suite: Path) -> bool:
    """Whether pytest finds its configuration in the folder itself."""
    return any((suite / name).is_file() for name in CONFIGURATION) or any(
        mark in text_of(suite / name) for name, mark in SHARED_CONFIGURATION.items()
    )


def loop_scope(suite: Path) -> list[str]:
    """What keeps pytest-asyncio, if it is there, from a warning that a strict suite makes an error.

    A suite that sets the option itself needs nothing, and one that blocks the plugin (`no:asyncio`,
    as the shop does) would not know the option.
    """
    configuration = "".join(text_of(suite / name) for name in (*CONFIGURATION, *SHARED_CONFIGURATION))
    if (
        importlib.util.find_spec("pytest_asyncio") is None
        or LOOP_SCOPE in configuration
        or "no:asyncio" in configuration
    ):
        return []
    return ["-o", f"{LOOP_SCOPE}=function"]


def text_of(file: Path) -> str:
    """The text of a file, empty where there is none."""
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def commit(suite: Path, message: str, *, start: bool = False) -> None:
    """Commit everything in the copy; the user's own git settings play no part."""
    identity = ["-c", "user.name=demo", "-c", "user.email=demo@localhost", "-c", "commit.gpgsign=false"]
    environ = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    steps = [["init", "-q", "-b", "main"]] if start else []
    steps += [["add", "--all"], [*identity, "commit", "-q", "--allow-empty", "-m", message]]
    for step in steps:
        subprocess.run(["git", *step], cwd=suite, env=environ, check=False, capture_output=True)


def slow_the_shop(suite: Path) -> tuple[list[str], list[str]]:
    """Edit the shop's search; the node ids that get slower, from the table of SLOWDOWN.md."""
    subprocess.run([sys.executable, "slow_down.py", "."], cwd=suite, check=True)
    if shutil.which("git"):
        commit(suite, "Count products without the index")
    table = (suite / "SLOWDOWN.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE), []


def slow_one_test(suite: Path) -> tuple[list[str], list[str]]:
    """Choose a test, write the plugin that slows it down; its node id, and what pytest needs for that."""
    tests = json.loads(answer(suite, "show", "latest", "--format", "json"))["tests"]
    passed = sorted((test for test in tests if test["outcome"] == "passed"), key=lambda test: test["call_ns"])
    if not passed:
        stop("no test of this suite passes here; it must run with what is installed in this environment")
    fit = [
        test
        for test in passed
        if test["call_ns"] >= LEAST_CALL_NS and test["call_ns"] >= CALL_SHARE * test["duration_ns"]
    ]
    chosen = fit[len(fit) // 2] if fit else passed[-1]
    nodeid = chosen["nodeid"]
    PLUGINS.mkdir()
    plugin = SLOWDOWN_PLUGIN.format(nodeid=nodeid, least=LEAST_EXTRA_SECONDS)
    (PLUGINS / "demo_slowdown.py").write_text(plugin, encoding="utf-8")
    if fit:
        print(f"Of the {len(fit)} passing tests of 5 ms and more, the middle one is slowed down:")
    else:
        print("No passing test takes 5 ms in its call; the longest one is slowed down:")
    print(
        f"  {nodeid}\n  {chosen['call_ns'] / 1e6:.1f} ms now, from here on twice as long and 20 ms at least"
    )
    return [nodeid], ["-p", "demo_slowdown"]


def summed_up(judgment: dict[str, object], slowed: list[str]) -> int:
    """Compare what Lapwing named with what was slowed down; the exit code."""
    comparisons = judgment["comparisons"]
    assert isinstance(comparisons, list)
    named = {each["nodeid"] for each in comparisons if each["verdict"] == "regressed"}
    found = [nodeid for nodeid in slowed if nodeid in named]
    more = len(named - set(slowed))
    others = f"{more} other{'' if more == 1 else 's'}"
    print(f"\n{len(found)} of {len(slowed)} slowed tests were named, and {others}.")
    print("The copy stays: try 'lapwing report' or 'lapwing compare baseline latest' in it.")
    return 0 if found or judgment["reason"] else 1


def lapwing(suite: Path, *words: str, accepted: tuple[int, ...] = (0,)) -> None:
    """Run a command of Lapwing where everybody can see it; end the demo where it fails."""
    print(f"$ lapwing {' '.join(words)}", flush=True)
    code = subprocess.run(command(words), cwd=suite, env=environment(suite)).returncode
    tests_failed = words[0] == "run" and code == 1
    if code not in accepted and not tests_failed:
        stop(f"lapwing {words[0]} ended with {code}.\n{why_not(suite)}")


def why_not(suite: Path) -> str:
    """What keeps the suite from running here, and what to do."""
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--tb=short", *loop_scope(suite)]
    done = subprocess.run(words, cwd=suite, env=environment(suite), capture_output=True, text=True)
    missing = sorted(set(re.findall(r"No module named '([\w.]+)'", done.stdout + done.stderr)))
    if missing:
        fault = f"It cannot be collected: there is no module named {', '.join(missing)}."
    else:
        fault = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
    return (
        f"{fault}\nWhat the suite itself needs must be installed into {sys.prefix}, such as with:\n"
        f"  {sys.executable} -m pip install -r REQUIREMENTS-OF-THE-SUITE.txt\nThen run the demo again."
    )


def answer(suite: Path, *words: str) -> str:
    """The output of a command."""
    done = subprocess.run(command(words), cwd=suite, env=environment(suite), capture_output=True, text=True)
    if done.returncode not in (0, 1):
        stop(done.stderr)
    return done.stdout


def command(words: tuple[str, ...]) -> list[str]:
    """The command line, with the copy as root: a folder above may have a store of its own."""
    verb, *rest = words
    return [sys.executable, "-m", "lapwing", verb, "--root", ".", *rest]


def environment(suite: Path) -> dict[str, str]:
    """This environment without what would lead Lapwing or pytest away from the copy, which it can import."""
    astray = ("PYTEST_ADDOPTS", "LAPWING_", "PERFORMANCE_", "UPDATE_PERFORMANCE_BASELINE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(astray)}
    places = [str(PLUGINS), *(str(each) for each in (suite / "src", suite) if each.is_dir())]
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [*places, kept.get("PYTHONPATH")]))
    return kept


def title(text: str) -> None:
    """A heading between the steps."""
    print(f"\n== {text}\n", flush=True)


def stop(reason: str) -> NoReturn:
    """End the demo with a reason."""
    raise SystemExit(f"demo: {reason}")


if __name__ == "__main__":
    sys.exit(main())
