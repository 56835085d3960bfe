"""What the reports of one suite say, whichever of its reporters wrote them."""

from pathlib import Path

import pytest

from lapwing.operations.read_reports import reports
from lapwing.operations.reports_at_rest import ReportsAtRest

PYTEST = Path(__file__).parent.parent / "foreign" / "pytest"
NOT_COLLECTED = "tests.test_import_error"  # JUnit XML lists a module that failed to import as a test


def nodeids(name):
    with ReportsAtRest(reports([str(PYTEST / name)])) as read:
        return {named.nodeid for named in read.each()} - {NOT_COLLECTED}


@pytest.mark.parametrize(
    "name", ["json_report.json", "ctrf.json", "junit_xunit1.xml", "junit_xunit2.xml", "allure-results"]
)
def test_a_test_of_pytest_has_one_name_in_every_format(name):
    assert nodeids(name) == nodeids("reportlog.jsonl")
