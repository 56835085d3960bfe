"""`lapwing report` in the forms of CI systems."""

import json
import xml.etree.ElementTree as ET


def test_in_a_workflow_the_summary_of_the_job_grows_and_annotations_are_printed(
    with_slower_test, name_of, monkeypatch, tmp_path
):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    assert with_slower_test.run("report", "--format", "github") == 0

    assert with_slower_test.out.startswith("::error file=tests/api/test_shop.py,title=Slower%3A +")
    assert name_of(7) in with_slower_test.out
    text = summary.read_text()
    assert text.startswith("before\n### Performance report")
    assert name_of(7) in text


def test_outside_a_workflow_both_are_printed(with_slower_test, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    with_slower_test.run("report", "--format", "github")

    first, *rest = with_slower_test.out.splitlines()
    assert first.startswith("::error ")
    assert any(line.startswith("### Performance report") for line in rest)


def test_a_summary_that_cannot_be_written_is_an_error(with_history, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))

    assert with_history.run("report", "--format", "github") == 2

    assert str(tmp_path) in with_history.err


def test_junit_has_the_tests_and_what_is_slower(with_slower_test, name_of):
    assert with_slower_test.run("report", "--format", "junit", "--output", "r.xml") == 0

    tests, slower = ET.parse(with_slower_test.root / "r.xml").getroot()
    assert (len(tests), slower.get("failures")) == (40, "1")
    assert slower[0].get("name") == name_of(7)


def test_gitlab_gets_its_code_quality_report(with_slower_test):
    with_slower_test.run("report", "--format", "gitlab")

    (row,) = json.loads(with_slower_test.out)
    assert (row["check_name"], row["severity"]) == ("lapwing-regression", "critical")
    assert row["location"]["path"] == "tests/api/test_shop.py"


def test_metrics_are_a_few_rounded_lines(with_slower_test):
    with_slower_test.run("report", "--format", "openmetrics")

    assert "\nlapwing_regressions 1\n" in with_slower_test.out


def test_without_a_run_the_files_are_written_all_the_same(shop):
    assert shop.run("report", "--format", "junit") == 2
    assert ET.fromstring(shop.out)[0].get("name") == "lapwing"

    assert shop.run("report", "--format", "gitlab") == 2
    assert json.loads(shop.out) == []
