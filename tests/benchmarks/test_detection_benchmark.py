"""The benchmark of detection, on a made suite in the form of recorded runs."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def write_runs(path, conditions, *, seed, slower=None):
    """One run per condition of 80 tests of 5 to 40 ms, of which `slower` multiplies some."""
    rng = random.Random(seed)
    lines = []
    for number, condition in enumerate(conditions):
        lines.append({"kind": "run", "suite": "made", "run": number, "cond": condition})
        for at in range(80):
            spent = (5000 + 450 * at) * (slower or {}).get(at, 1.0) * rng.lognormvariate(0, 0.04)
            call = [spent + 20, spent, 0.0, 0, 1, 0, 5.0]
            lines.append({"r": number, "id": f"test_a.py::t {at}", "s": [50, 50, 0, 0, 0, 0, 0], "c": call})
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))


def output_of(script, *arguments):
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_judge_prints_a_verdict_for_every_test(tmp_path):
    write_runs(tmp_path / "base.jsonl.gz", ["quiet"] * 8, seed=1)
    write_runs(tmp_path / "new.jsonl.gz", ["quiet"] * 3, seed=2, slower={33: 1.8})

    verdicts = json.loads(output_of("judge.py", tmp_path / "base.jsonl.gz", tmp_path / "new.jsonl.gz"))

    assert len(verdicts) == 80
    assert [nodeid for nodeid, verdict in verdicts.items() if verdict == "regressed"] == ["test_a.py::t 33"]


def changed(path, change):
    """The file with each line of a test as `change` leaves it."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    for each in lines:
        if "id" in each:
            change(each)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))


def skip_33(test):
    if test["id"].endswith("t 33"):
        test["c"] = None


def lose_figures(test):
    number = int(test["id"].rpartition(" ")[2])
    if number % 10 == 1:
        test["c"][1] = None  # CPU time
    if number % 10 == 2:
        test["c"] = test["c"][:1]
    if number % 10 == 3:
        test["c"][0] = float("nan")


@pytest.mark.parametrize("skipped", ["base", "new"])
def test_judge_takes_a_test_that_was_skipped_for_no_quick_one(tmp_path, skipped):
    paths = {side: tmp_path / f"{side}.jsonl.gz" for side in ("base", "new")}
    for seed, path in enumerate(paths.values()):
        write_runs(path, ["quiet"] * 5, seed=seed)
    changed(paths[skipped], skip_33)

    verdicts = json.loads(output_of("judge.py", *paths.values()))

    assert len(verdicts) == 79
    assert set(verdicts.values()) == {"unchanged"}


def test_judge_does_without_figures_that_are_missing(tmp_path):
    base, new = tmp_path / "base.jsonl.gz", tmp_path / "new.jsonl.gz"
    write_runs(base, ["quiet"] * 8, seed=1)
    write_runs(new, ["quiet"] * 3, seed=2, slower={31: 2.0, 34: 2.0})
    changed(new, lose_figures)

    verdicts = json.loads(output_of("judge.py", base, new))

    assert [nodeid for nodeid, verdict in verdicts.items() if verdict == "regressed"] == [
        "test_a.py::t 31",
        "test_a.py::t 34",
    ]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-500]), "cannot be read: Compressed file ended"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
        (lambda path: path.write_text('{"kind": "run"}\n{"id": '), ":2: not a line of JSON"),
        (lambda path: path.write_text('{"kind": "run"}\n[]'), ":2: neither a run nor a test"),
        (lambda path: path.write_text('{"id": "a"}'), ":1: a test before the first run"),
    ],
)
def test_judge_refuses_what_it_cannot_read_in_a_line(tmp_path, spoil, why):
    path = tmp_path / "base.jsonl.gz"
    write_runs(path, ["quiet"], seed=1)
    spoil(path)

    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "judge.py"), str(path), str(path)], capture_output=True, text=True
    )

    assert done.returncode == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow_suite
def test_detection_writes_a_row_per_condition_and_loads_no_peer(tmp_path):
    write_runs(tmp_path / "made.jsonl.gz", [*["quiet"] * 16, *["load1"] * 6], seed=3)
    for peer in ("scipy", "ruptures", "otava", "asv", "asv_runner"):
        (tmp_path / f"{peer}.py").write_text("raise SystemExit('a peer was loaded')")
    rows = tmp_path / "rows.json"

    command = [
        *(sys.executable, str(BENCHMARKS / "detection.py"), "--data", str(tmp_path)),
        *("--only", "lapwing", "--draws", "2", "--json", str(rows), "--markdown", "--by-suite"),
    ]
    done = subprocess.run(
        command, check=True, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )

    found = json.loads(rows.read_text())
    assert {(row["condition"], row["n"]) for row in found if row["detector"] == "lapwing"} == {
        (condition, n) for condition in ("quiet->quiet", "quiet->loaded", "mixed->mixed") for n in (1, 3)
    }
    assert all(row["metric"] == "verdict" for row in found)
    assert all(row["detection"][">=100ms"]["2.0"] is None for row in found)
    assert all(row["detection"]["10-100ms"]["2.0"] == 1.0 for row in found if row["n"] == 3)
    assert "| lapwing | verdict | 0 / 0 / 0 | " in done.stdout
    assert "| made | 80 | 0 / 0 / 0 | " in done.stdout


@pytest.mark.slow_suite
def test_a_count_goes_on_where_it_was_broken_off(tmp_path):
    write_runs(tmp_path / "made.jsonl.gz", [*["quiet"] * 16, *["load1"] * 6], seed=4)
    kept, rows = tmp_path / "kept.jsonl", tmp_path / "rows.json"
    words = ("--data", tmp_path, "--only", "lapwing", "--n", 3, "--draws", 12, "--json", rows)
    output_of("detection.py", *words, "--resume", kept)
    whole = rows.read_text()
    done = kept.read_text().splitlines()

    kept.write_text("\n".join(done[:-1]) + "\n")
    output_of("detection.py", *words, "--resume", kept)

    assert len(done) == 6  # ten draws and two, of each condition
    assert rows.read_text() == whole
    assert kept.read_text().splitlines() == done


def test_a_baseline_file_is_held_against_the_history_it_was_made_of(tmp_path):
    write_runs(tmp_path / "made.jsonl.gz", [*["quiet"] * 12, *["load1"] * 6], seed=3)

    rows = output_of("detection_file.py", tmp_path, "--draws", 2).splitlines()

    assert len(rows) == 1 + 3 * 3
    quiet = [row for row in rows if row.startswith("quiet->quiet")]
    assert all("160" in row for row in rows[1:])
    assert all(row.rstrip().endswith("2 of 2") for row in quiet)


def test_first_runs_counts_what_is_called_slower_and_faster_though_nothing_changed(tmp_path):
    write_runs(tmp_path / "made.jsonl.gz", ["quiet"] * 5 + ["load1"] * 4, seed=4)

    lines = output_of("first_runs.py", "--data", tmp_path, "--draws", "1").splitlines()

    rows = {
        tuple(cells[:3]): cells[3:]
        for cells in ([one.strip() for one in line.split("|")[1:-1]] for line in lines)
    }
    assert rows["condition", "baseline", "new"] == [
        "judgments",
        "slower",
        "with slower",
        "faster",
        "with faster",
    ]
    assert rows["quiet", "1", "1"] == ["1", "0", "0", "0", "0"]
    assert rows["quiet", "3", "3"][0] == "0"  # five runs are too few
    assert rows["mixed", "3", "3"][0] == "1"
    assert rows["all", "", ""][1:] == ["0", "0", "0", "0"]
