"""The coverage figure comes from the newest report at the project's root."""

import os

import pytest

from lapwing.operations.project.coverage import read_coverage

XML = '<?xml version="1.0" ?>\n<!-- a --><coverage version="7" line-rate="0.815" branch-rate="0">'


def test_of_two_reports_the_newer_counts(tmp_path):
    (tmp_path / "coverage.xml").write_text(XML)
    (tmp_path / "coverage.json").write_text('{"totals": {"percent_covered": 93.5}}')
    os.utime(tmp_path / "coverage.xml", (1, 1))

    assert read_coverage(tmp_path) == pytest.approx(0.935)

    os.utime(tmp_path / "coverage.json", (0, 0))
    assert read_coverage(tmp_path) == pytest.approx(0.815)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"totals": {"percent_covered": "x"}}', "\x00", "{" * 100_000]
)
def test_what_is_no_report_tells_nothing(tmp_path, text):
    (tmp_path / "coverage.json").write_text(text)
    (tmp_path / "coverage.xml").write_text(text)

    assert read_coverage(tmp_path) is None
