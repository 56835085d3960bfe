"""`lapwing audit`: reports of any runner against the limits of categories."""

import gzip
import json

import pytest

from lapwing.cli.main import main
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run


def junit(*cases, tool="gradle"):
    """A report with cases of class, name and seconds."""
    body = "".join(f'<testcase classname="{where}" name="{name}" time="{s}"/>' for where, name, s in cases)
    return f'<testsuites><testsuite name="{tool}" tests="{len(cases)}">{body}</testsuite></testsuites>'


def write(shop, text, name="reports/junit.xml"):
    path = shop.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


@pytest.fixture
def reports(shop):
    """Two failures, a warning, and three that are within their limits."""
    cases = (
        ("pkg.FastTest", "fast", 0.01),
        ("pkg.FastTest", "slow", 2.3),
        ("pkg.FastTest", "near", 0.9),
        ("pkg.FastTest", "just", 1.04),
        ("pkg.integration.DbTest", "query", 2.3),
        ("pkg.e2e.ShopTest", "buys", 7),
    )
    write(shop, junit(*cases))
    return shop


def test_the_page_has_failures_warnings_summary_and_slowest(reports):
    assert reports.run("audit", "reports") == 1

    assert reports.out.splitlines() == [
        "TEST PERFORMANCE AUDIT",
        "FAILURES (exceeded threshold):",
        "  gradle::pkg.FastTest::slow: 2.3s (limit: 1.0s) [unit]",
        "  gradle::pkg.FastTest::just: 1.04s (limit: 1.0s) [unit]",
        "WARNINGS (>80% of threshold):",
        "  gradle::pkg.FastTest::near: 0.9s (limit: 1.0s) [unit]",
        "Summary: 2 failures, 1 warning",
        "Slowest tests:",
        "   7.0s  gradle::pkg.e2e.ShopTest::buys",
        "   2.3s  gradle::pkg.FastTest::slow",
        "   2.3s  gradle::pkg.integration.DbTest::query",
        "   1.0s  gradle::pkg.FastTest::just",
        "   0.9s  gradle::pkg.FastTest::near",
        "  0.01s  gradle::pkg.FastTest::fast",
        "Limits: unit 1.0s (default)",
        "Make them faster, or set another limit: [tool.lapwing.categories.NAME] budget, or --category",
        "NAME=GLOB for another category.",
        "6 tests read from 1 files",
    ]


def test_nothing_over_a_limit_passes(shop):
    write(shop, junit(("a.B", "c", 0.1)))

    assert shop.run("audit", "reports") == 0

    assert "Summary: 0 failures, 0 warnings" in shop.out
    assert "FAILURES" not in shop.out


def test_no_test_at_all_cannot_be_judged(shop):
    write(shop, "no report", "reports/readme.txt")

    assert shop.run("audit", "reports") == 2

    assert shop.out.splitlines()[-1] == "0 tests read from 0 files"


def test_one_threshold_for_every_test(reports):
    assert reports.run("audit", "--threshold", "5", "reports") == 1

    assert "Slow tests detected (>5s):" in reports.out
    assert "  gradle::pkg.e2e.ShopTest::buys: 7.0s (limit: 5.0s) [e2e]" in reports.out
    assert "FastTest::slow: 2.3s (limit" not in reports.out


def test_slow_tests_are_written_with_their_times(reports):
    reports.run("audit", "--threshold", "2", "--output", "slow-tests.txt", "reports")

    assert (reports.root / "slow-tests.txt").read_text().splitlines() == [
        "gradle::pkg.e2e.ShopTest::buys: 7.0s",
        "gradle::pkg.FastTest::slow: 2.3s",
        "gradle::pkg.integration.DbTest::query: 2.3s",
    ]


def test_where_none_is_slow_the_written_file_is_empty(reports):
    assert reports.run("audit", "--threshold", "10", "--output", "slow-tests.txt", "reports") == 0

    assert (reports.root / "slow-tests.txt").read_text() == ""


def test_a_glob_puts_tests_into_a_category(reports):
    assert reports.run("audit", "--category", "slow=*OtherTest", "reports") == 1
    assert reports.run("audit", "--category", "slow=*FastTest", "reports") == 0
    assert reports.run("audit", "--category", "slow=junit.xml", "reports") == 0


def test_an_unknown_category_is_refused_with_the_known_ones(reports):
    assert reports.run("audit", "--category", "slwo=*", "reports") == 2

    assert "integration" in reports.err


def test_only_one_category_is_judged(reports):
    assert reports.run("audit", "--category", "e2e", "reports") == 0

    assert "FastTest" not in reports.out


def test_the_report_tells_a_category_by_its_own_path(shop):
    write(shop, junit(("a.B", "c", 2.3)), "out/integration/junit.xml")
    write(shop, junit(("a.B", "d", 2.3)), "out/unit/junit.xml")

    assert shop.run("audit", "out") == 1

    assert "::d: 2.3s (limit: 1.0s) [unit]" in shop.out
    assert "::c: 2.3s (limit" not in shop.out


def test_what_a_folder_above_the_named_one_is_called_says_nothing(shop):
    path = write(shop, junit(("a.B", "c", 2.3)), "api/out/junit.xml")

    assert shop.run("audit", path) == 1
    assert shop.run("audit", str(shop.root / "api" / "out")) == 1


def test_limits_and_categories_of_the_configuration_hold(shop):
    (shop.root / "pyproject.toml").write_text('[tool.lapwing.categories.unit]\nbudget = "3s"\n')
    write(shop, junit(("a.B", "c", 2.3), ("a.B", "d", 3.5)))

    shop.run("audit", "reports")

    assert "::d: 3.5s (limit: 3.0s) [unit]" in shop.out
    assert "Limits: unit 3.0s (pyproject.toml [tool.lapwing.categories.unit])" in shop.out
    assert "Summary: 1 failure, 0 warnings" in shop.out


def test_the_budget_and_category_in_the_report_come_first(shop):
    properties = (
        '<properties><property name="lapwing.category" value="unit"/>'
        '<property name="lapwing.budget" value="500 ms"/></properties>'
    )
    case = f'<testcase classname="tests.api.test_a" name="test_x" time="0.7">{properties}</testcase>'
    write(shop, f'<testsuites><testsuite name="pytest">{case}</testsuite></testsuites>')

    assert shop.run("audit", "reports") == 1

    assert "0.7s (limit: 0.5s) [unit]" in shop.out


def test_a_second_attempt_that_is_fast_enough_counts(shop):
    failed = '<testcase classname="a.B" name="c" time="5"><failure>x</failure></testcase>'
    write(shop, f"<testsuite>{failed}<testcase classname='a.B' name='c' time='0.1'/></testsuite>")

    assert shop.run("audit", "reports") == 0


def test_a_limit_under_the_step_of_the_clock_cannot_be_judged(shop):
    (shop.root / "pyproject.toml").write_text('[tool.lapwing.categories.unit]\nbudget = "5ms"\n')
    events = [
        {"Action": "run", "Package": "p", "Test": "TestA"},
        {"Action": "pass", "Package": "p", "Test": "TestA", "Elapsed": 0.01},
    ]
    write(shop, "\n".join(map(json.dumps, events)), "reports/go.json")

    assert shop.run("audit", "reports") == 0

    assert "1 test [unit]: the clock of the report has steps of 10.0 ms, more than the limit" in shop.out


def test_fewer_tests_than_expected_fail(shop):
    write(shop, junit(("a.B", "c", 0.1)))

    assert shop.run("audit", "--expect", "1", "reports") == 0
    assert shop.run("audit", "--expect", "2", "reports") == 1

    assert "Missing: (expected 2 tests, read 1)" in shop.out


def test_an_expected_test_that_is_not_there_is_named(shop):
    write(shop, junit(("a.B", "c", 0.1)))
    write(shop, "c\nd\n", "names.txt")

    assert shop.run("audit", "--expect", "names.txt", "reports") == 1

    assert shop.out.partition("Missing:")[2].splitlines()[1] == "  d"


def test_a_test_of_the_last_run_of_that_runner_that_vanished_is_named(shop):
    tests = tuple(TestRecord(f"jest::a.B::{name}", Outcome.PASSED, call_ns=1) for name in "cd")
    run = Run("r", 1, 1, project="shop", runner="JUnit XML", implementation="", is_complete=True)
    shop.record(RecordedRun(run, tests))
    write(shop, junit(("a.B", "c", 0.1), tool="jest"))

    assert shop.run("audit", "reports") == 0

    assert shop.out.partition("Missing:")[2].splitlines()[1] == "  jest::a.B::d"


def test_a_report_that_broke_off_is_named_and_fails(shop):
    write(shop, junit(("a.B", "c", 0.1), ("a.B", "d", 0.1))[:-60])

    assert shop.run("audit", "reports") == 1

    said = shop.out.partition("Broke off, tests may be missing")[2]
    assert "byte " in said
    assert "not well-formed XML" in said


def test_files_without_a_test_are_named(reports):
    write(reports, "no report", "reports/readme.txt")

    reports.run("audit", "reports")

    said = reports.out.partition("Held no test")[2]
    assert "readme.txt: not a known test result: text of no known format" in said


def test_of_many_files_without_a_test_a_few_are_named_and_none_that_broke_off(reports):
    for number in range(9):
        write(reports, "no report", f"reports/readme{number}.txt")
    write(reports, "<testsuite><testcase name='cut", "reports/cut.xml")

    reports.run("audit", "reports")

    broke_off, _, empty = reports.out.partition("Held no test")
    assert "cut.xml" in broke_off
    assert "cut.xml" not in empty
    assert empty.startswith(": 9 files, 4 not shown")
    assert empty.count("readme") == 5


def test_json_has_limits_in_nanoseconds(reports):
    document = reports.json("audit", "reports")

    assert document["passed"] is False
    worst = document["failures"][0]
    assert worst["name"] == "gradle::pkg.FastTest::slow"
    assert (worst["duration_ns"], worst["limit_ns"], worst["category"]) == (
        2_300_000_000,
        1_000_000_000,
        "unit",
    )
    assert document["tests"] == 6


def test_names_are_harmless_everywhere(shop):
    case = '<testcase classname="a" name="::error::x&#10;&#x202e;" time="5"/>'
    write(shop, f"<testsuite>{case}</testsuite>")

    shop.run("audit", "--output", "slow.txt", "reports")

    written = (shop.root / "slow.txt").read_text()
    assert len(written.splitlines()) == 1
    assert not set("\u202e") & set(shop.out + written)


def test_many_files_are_one_audit(shop):
    for number in range(3):
        packed = gzip.compress(junit((f"a.B{number}", "c", 2)).encode())
        path = shop.root / "reports" / f"{number}.xml.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(packed)

    assert shop.run("audit", "reports") == 1

    assert "Summary: 3 failures, 0 warnings" in shop.out
    assert shop.out.splitlines()[-1] == "3 tests read from 3 files"


def test_more_failures_than_are_kept_are_counted(shop, monkeypatch):
    monkeypatch.setattr("lapwing.operations.audit.MOST_KEPT", 10)
    write(shop, junit(*((f"a.B{number}", "c", 2 + number) for number in range(35))))

    shop.run("audit", "reports")

    assert "Summary: 35 failures, 0 warnings" in shop.out
    assert "a.B34::c: 36.0s" in shop.out


def test_on_github_the_worst_are_annotations_and_the_page_is_in_the_summary_of_the_job(
    shop, tmp_path, monkeypatch
):
    cases = [("tests.test_a", f"test_{at}", 2 + at) for at in range(9)]
    hostile = ("tests.test_a", "test_x[%0A::stop-commands::x]", 1.9)
    (shop.root / "tests").mkdir(exist_ok=True)
    write(shop, junit(*cases, hostile, ("tests.test_a", "test_near", 0.9), tool="pytest"))
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    assert shop.run("audit", "--format", "github", "reports") == 1

    lines = shop.out.splitlines()
    assert len(lines) == 8
    assert lines[0] == (
        "::error file=tests/test_a.py,title=Over budget::"
        "tests/test_a.py::test_8: 10.0s (limit: 1.0s) [unit], set by default"
    )
    assert lines[-1] == "::error title=lapwing::4 more notices: see the summary of the job"
    assert "10 failures, 1 warning" in summary.read_text()


def test_a_name_is_no_command_of_the_workflow(shop):
    write(shop, junit(("a.B", "x&#10;::error::%0Aowned", 2)))

    shop.run("audit", "--format", "github", "reports")

    commands = [line for line in shop.out.splitlines() if line.startswith("::")]
    assert len(commands) == 1
    assert "%250Aowned" in commands[0]


def test_what_is_no_path_is_no_file_of_an_annotation(shop):
    write(shop, junit(("com.acme.SlowTest", "waits", 2)))

    shop.run("audit", "--format", "github", "reports")

    assert shop.out.startswith("::error title=Over budget::gradle::com.acme.SlowTest::waits: 2.0s")


def test_for_gitlab_it_is_a_report_of_code_quality(shop):
    write(shop, junit(("tests.test_a", "test_slow", 2), ("tests.test_a", "test_near", 0.9), tool="pytest"))

    assert shop.run("audit", "--format", "gitlab", "reports") == 1

    found = [(row["severity"], row["location"]["path"]) for row in json.loads(shop.out)]
    assert found == [("critical", "tests/test_a.py"), ("major", "tests/test_a.py")]


def test_what_gitlab_has_no_place_for_is_said_beside_its_list(shop, capsys):
    write(shop, junit(*(("com.acme.SlowTest", f"waits_{number}", 2) for number in range(7))))

    assert main(["audit", "--format", "gitlab", "reports"]) == 1

    said = capsys.readouterr()
    assert json.loads(said.out) == []
    assert said.err.count("belongs to no file") == 5
    assert "gradle::com.acme.SlowTest::waits_0: 2.0s (limit: 1.0s)" in said.err
    assert "2 more belong to no file" in said.err


def test_a_missing_test_and_a_broken_report_are_annotated(shop):
    text = junit(("a.B", "here", 0.1), ("a.B", "cut", 0.1))
    write(shop, text[: text.index('name="cut"')])

    assert shop.run("audit", "--format", "github", "--expect", "3", "reports") == 1

    assert "::error title=Audit of test reports::expected 3 tests, read 1" in shop.out
    assert "tests may be missing" in shop.out
