"""`lapwing ingest`."""

import io
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

FOREIGN = Path(__file__).parent.parent / "foreign"


def junit(times: dict[str, float], *, stamp: str = "2026-11-20T10:00:00+00:00") -> str:
    cases = "".join(
        f'<testcase classname="shop.Till" name="{name}" time="{time}"/>' for name, time in times.items()
    )
    return f'<testsuites><testsuite name="Till" timestamp="{stamp}">{cases}</testsuite></testsuites>'


def test_a_report_becomes_a_run_with_its_tests(shop):
    code = shop.run("ingest", str(FOREIGN / "maven-surefire" / "TEST-x.BasicTest.xml"))
    lines = shop.out.splitlines()

    assert code == 0
    assert lines[-1] == "7 tests read from 1 files"
    run = shop.json("show")
    assert run["run"]["runner"] == "surefire"
    outcomes = {(test["nodeid"], test["attempt"]): test["outcome"] for test in run["tests"]}
    assert outcomes[("x.BasicTest::flaky", 1)] == "failed"
    assert outcomes[("x.BasicTest::flaky", 3)] == "passed"
    assert outcomes[("x.BasicTest::sleeps120ms", 1)] == "passed"


def test_a_slower_test_is_found_between_ingested_runs(shop, tmp_path):
    steady = {f"test_{at}": 0.1 + at / 1000 for at in range(30)}
    for day in range(1, 9):
        jitter = 1 + (day % 3 - 1) / 500
        path = tmp_path / f"{day}.xml"
        times = {name: time * jitter for name, time in steady.items()}
        path.write_text(junit(times, stamp=f"2026-11-0{day}T10:00:00+00:00"))
        assert shop.run("ingest", str(path)) == 0
    slower = tmp_path / "slower.xml"
    slower.write_text(junit(steady | {"test_7": 0.5}, stamp="2026-11-10T10:00:00+00:00"))
    shop.run("ingest", str(slower))

    code = shop.run("check")

    assert code == 1
    assert "shop.Till::test_7" in shop.out


def test_a_run_of_another_runner_is_no_baseline(with_history, tmp_path):
    report = tmp_path / "r.xml"
    report.write_text(junit({f"test_{at}": 1.0 for at in range(30)}))
    with_history.run("ingest", str(report))

    with_history.run("check")

    assert "no earlier complete run" in with_history.out + with_history.err


def test_a_dry_run_stores_nothing_and_lists_what_the_file_lists(shop):
    document = shop.json("ingest", "--dry-run", str(FOREIGN / "go" / "gotestsum.xml"))

    tests = {(test["classname"], test["name"]): test for test in document["tests"]}
    assert document["format_version"] == 1
    assert tests[("example.com/m", "TestTable")]["is_parent"] is True
    assert tests[("example.com/m", "TestTable")]["duration_s"] == 0.11
    assert tests[("example.com/m", "TestParallel")]["judged_s"] is None
    assert tests[("example.com/m", "TestTable/x")]["resolution_s"] == 0.01
    assert document["files"][0]["tests"] == len([test for test in tests.values() if not test["is_parent"]])
    assert shop.run("runs") == 2


def test_what_is_no_report_is_named_and_passed_over(shop, tmp_path):
    shutil.copy(FOREIGN / "edge-cases" / "not_junit.xml", tmp_path / "coverage.json")
    shutil.copy(FOREIGN / "bats" / "report.xml", tmp_path / "a.txt")

    assert shop.run("ingest", "--dry-run", str(tmp_path)) == 0

    assert "a project description" in shop.out
    assert shop.out.splitlines()[-1] == "4 tests read from 1 files"


def test_a_broken_report_gives_what_it_has_and_exit_code_1(shop):
    code = shop.run("ingest", "--dry-run", str(FOREIGN / "edge-cases" / "truncated_mid_tag.xml"))

    assert code == 1
    assert "byte 4889" in shop.out
    assert shop.out.splitlines()[-1] == "15 tests read from 1 files"


def test_a_report_cut_short_makes_an_incomplete_run(shop):
    shop.run("ingest", str(FOREIGN / "edge-cases" / "truncated_mid_tag.xml"))

    assert shop.json("runs")["runs"][0]["is_complete"] is False


def test_nothing_to_read_is_exit_code_2(shop, tmp_path):
    (tmp_path / "empty.xml").write_text("<testsuite/>")

    assert shop.run("ingest", str(tmp_path / "nothing-*.xml")) == 2
    assert "there is no such report" in shop.err
    assert shop.run("ingest", str(tmp_path / "empty.xml")) == 2


def test_standard_input_is_read_and_gunzipped(shop, monkeypatch):
    data = (FOREIGN / "edge-cases" / "report.xml.gz").read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    assert shop.run("ingest", "--dry-run", "-") == 0
    assert shop.out.splitlines()[-1] == "35 tests read from 1 files"


def test_counts_agree_whether_streamed_or_read_whole(shop):
    paths = [str(path) for path in sorted(FOREIGN.glob("*/*.xml"))]

    shop.run("ingest", "--dry-run", *paths)
    streamed = shop.out
    shop.run("ingest", *paths)

    table = slice(streamed.index("Outcomes:"), streamed.index("Slowest"))
    assert streamed[table] == shop.out[shop.out.index("Outcomes:") : shop.out.index("Slowest")]


@pytest.mark.parametrize("format_", ["terminal", "json"])
def test_names_from_a_report_reach_the_terminal_harmless(shop, tmp_path, format_):
    path = tmp_path / "hostile.xml"
    path.write_text('<testsuite name="&#x9b;31m"><testcase name="&#x202e;x&#x85;" time="1"/></testsuite>')

    shop.run("ingest", "--dry-run", "--format", format_, str(path))

    assert not {"\x9b", "\u202e", "\x85"} & set(shop.out)
