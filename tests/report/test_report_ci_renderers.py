"""What CI systems read: well formed, and inert whatever names hold."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.record import Outcome, TestRecord
from lapwing.report.notice import Level, Notice
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.notices import file_of, notices_of
from lapwing.report.pages.report import report_page
from lapwing.report.render.capped_markdown import COMMENT, JOB_SUMMARY, capped_markdown
from lapwing.report.render.github import github_annotations
from lapwing.report.render.gitlab import code_quality
from lapwing.report.render.junit import render_junit
from lapwing.report.render.openmetrics import render_openmetrics
from lapwing.report.render.plain import render_plain

COMMANDS = (
    "::error::boom",
    "  ::add-mask::x",
    "tests/a.py::t\n::stop-commands::x",
    "tests/a.py::t\r\n::error file=a,line=1::x",
    "tests/a.py::t[##[add-mask]x]",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[buildStatus status='FAILURE']",
    "tests/a.py::t[ ::error::x]",
    "tests/a.py::t%0A::error::x",
)
HOSTILE = (*COMMANDS, "a]]><b>&c;", '"><script>', "t\x00\x1b[31m\u202e", "\ufffe\ud800", "--><!--")

A_COMMAND = re.compile(r"^\s*::[a-z]|##\w*\[", re.MULTILINE)


def notice(name: str, **changes: object) -> Notice:
    facts: dict[str, object] = {
        "level": Level.WARNING,
        "kind": "regression",
        "subject": name,
        "title": f"Slower: {name}",
        "message": f"{name}: 1 s to 2 s",
        "file": "tests/a.py",
    }
    return Notice(**(facts | changes))


def comparison(nodeid: str, *, after: float, **changes: object) -> Comparison:
    facts: dict[str, object] = {
        "nodeid": nodeid,
        "metric": "wall",
        "unit": "ns",
        "before": 1e9,
        "after": after,
        "ratio": after / 1e9,
        "interval": (1.1, after / 1e9 + 1),
        "p": 0.001,
        "q": 0.002,
        "verdict": ChangeVerdict.REGRESSED,
        "severity": Severity.WARNING,
    }
    return Comparison(**(facts | changes))


class TestPlain:
    @pytest.mark.parametrize("name", COMMANDS)
    @pytest.mark.parametrize("width", [20, 80])
    def test_no_line_of_a_log_is_a_command(self, name, width):
        table = Table(columns=(Column("test"),), rows=((name,),))
        page = Page(title="t", verdict=f"slower: {name}", sections=(Section("s", (name,), table),))

        assert not A_COMMAND.search(render_plain(page, width))

    def test_an_ordinary_name_stays_as_it_is(self):
        name = "tests/a.py::TestA::test_b[a::b-#1]"

        assert name in render_plain(Page(title="t", verdict=name))


class TestGitHub:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_one_notice_is_one_command_whose_parts_hold_the_name_escaped(self, name):
        (line,) = github_annotations([notice(name, file=name)]).splitlines()

        properties, message = re.fullmatch(r"::warning (.*?)::(.*)", line).groups()
        assert [part.split("=")[0] for part in properties.split(",")] == ["file", "title"]
        assert "##[" not in line
        assert not re.search(r"%(?!25|3A|2C)", properties + message)

    def test_at_most_eight_are_shown_worst_first_and_the_last_counts_the_rest(self):
        many = [notice(f"n{at}", level=Level.NOTICE) for at in range(30)] + [notice("e", level=Level.ERROR)]

        lines = github_annotations(many, where="see there").splitlines()

        assert len(lines) == 8
        assert lines[0].startswith("::error ")
        assert lines[-1] == "::notice title=lapwing::24 more notices: see there"

    def test_eight_need_no_such_line(self):
        assert github_annotations([notice("n")] * 8).count("\n") == 8


class TestSummary:
    @pytest.mark.parametrize("most", [COMMENT, JOB_SUMMARY])
    @pytest.mark.parametrize("name", ["n" * 3_000, "|" * 3_000, "<>" * 500, "日" * 1_000])
    def test_it_fits_whatever_the_number_and_length_of_names(self, most, name):
        table = Table(columns=(Column("a"), Column("b")), rows=((name, name),) * 3_000)
        section = Section("s", (name,) * 1_000, table)
        page = Page(title=name, verdict=name, sections=(section,) * 16, hints=(name,) * 99)

        assert 0 < len(capped_markdown(page, most).encode()) <= most

    def test_left_out_rows_are_counted(self):
        table = Table(columns=(Column("a"),), rows=(("x",),) * 5_000)

        text = capped_markdown(Page(title="t", verdict="v", sections=(Section("", (), table),)), JOB_SUMMARY)

        assert "4,000 more rows are left out here." in text

    def test_a_report_that_fits_is_whole(self, report_of):
        text = capped_markdown(report_page(report_of()), JOB_SUMMARY, level=3)

        assert text.startswith("### Performance report")
        assert "left out" not in text


class TestNotices:
    def test_the_worst_come_first(self):
        judgment = RunComparison(
            verdict=ChangeVerdict.REGRESSED,
            comparisons=(
                comparison("tests/a.py::little", after=1.3e9),
                comparison(
                    "tests/a.py::look", after=9e9, verdict=ChangeVerdict.CANNOT_TELL, worth_a_look=True
                ),
                comparison("tests/a.py::much", after=2e9),
                comparison("tests/a.py::critical", after=1.6e9, severity=Severity.CRITICAL),
            ),
            machine_factor=1.0,
        )

        found = notices_of(judgment)

        assert [(each.subject.rpartition("::")[2], each.level) for each in found] == [
            ("critical", Level.ERROR),
            ("much", Level.WARNING),
            ("little", Level.WARNING),
            ("look", Level.NOTICE),
        ]
        assert {each.file for each in found} == {"tests/a.py"}

    @pytest.mark.parametrize(
        "nodeid",
        [
            "/etc/passwd::t",
            "../a.py::t",
            "a/../../b.py::t",
            "C:\\a.py::t",
            "no separator",
            "::t",
            "~/a.py::t",
        ],
    )
    def test_what_is_no_path_below_the_root_is_no_file(self, nodeid):
        assert file_of(nodeid) is None


class TestGitLab:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_hostile_names_are_written_out(self, name):
        (row,) = json.loads(code_quality([notice(name)]))

        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\ud800]", row["description"])
        assert row["severity"] == "major"
        assert row["location"] == {"path": "tests/a.py", "lines": {"begin": 1}}

    def test_the_fingerprint_is_of_the_place_not_of_the_value(self):
        rows = json.loads(
            code_quality([notice("a"), notice("a", message="other", title="other"), notice("b")])
        )

        first, second, third = (row["fingerprint"] for row in rows)
        assert first == second != third

    def test_what_belongs_to_no_file_is_left_out(self):
        assert json.loads(code_quality([notice("suite", file=None)])) == []


class TestJunit:
    @given(name=st.text() | st.sampled_from(HOSTILE))
    def test_any_name_makes_a_document_that_a_parser_reads(self, name, report_once):
        report = report_once(name)

        root = ET.fromstring(render_junit(report, [notice(name)]))

        assert [suite.get("tests") for suite in root] == ["1", "1"]

    def test_tests_keep_their_outcome_and_time(self, report_of):
        tests, _ = ET.fromstring(render_junit(report_of(), [notice("tests/unit/test_cart.py::test_total")]))

        cases = {case.get("name"): case for case in tests}
        assert cases["test_total"].find("failure") is None
        assert (cases["test_total"].get("classname"), cases["test_total"].get("time")) == (
            "tests.unit.test_cart",
            "0.100000",
        )
        assert cases["test_fails"].find("failure") is not None
        assert cases["test_later"].find("skipped") is not None
        assert (tests.get("tests"), tests.get("failures"), tests.get("skipped")) == ("4", "1", "1")

    def test_a_slowdown_fails_in_a_suite_of_its_own_and_a_doubt_is_skipped(self, report_of):
        found = [notice("sure"), notice("unsure", level=Level.NOTICE)]

        _, suite = ET.fromstring(render_junit(report_of(), found))

        assert [[inner.tag for inner in case] for case in suite] == [["failure"], ["skipped"]]
        assert (suite.get("failures"), suite.get("skipped")) == ("1", "1")

    def test_without_a_comparison_nothing_passes_for_compared(self, report_of):
        _, suite = ET.fromstring(render_junit(report_of(), []))

        assert suite[0][0].get("message") == "there is no baseline to compare with"


class TestOpenMetrics:
    def test_values_are_rounded_and_the_text_ends_as_it_must(self, report_of):
        text = render_openmetrics(report_of(), [])

        assert "\nlapwing_suite_wall_seconds 5\n" in text
        assert '\nlapwing_category_seconds{category="api"} 3.4\n' in text
        assert text.endswith("# EOF\n")

    def test_a_category_cannot_end_its_label(self, report_of, recorded):
        test = TestRecord(nodeid="a::b", outcome=Outcome.PASSED, call_ns=1, category='a"} 1\nx{b="\\')

        text = render_openmetrics(report_of(recorded=recorded._replace(tests=(test,))), [])

        assert re.findall(r"^lapwing_category_seconds.*$", text, re.MULTILINE) == [
            'lapwing_category_seconds{category="a\\"} 1\\\\nx{b=\\"\\\\"} 0.000000001'
        ]


@pytest.fixture(scope="module")
def report_once():
    """Makes the report on a run of one test of a name; of module scope, for one run of many examples."""
    from lapwing.model.run import RecordedRun, Run
    from lapwing.operations.make_report import ReportWish, report_on

    def make(name):
        run = Run(run_id="r", started_at_ns=0, duration_ns=1)
        tests = (TestRecord(nodeid=name, outcome=Outcome.PASSED, call_ns=1),)
        return report_on(RecordedRun(run=run, tests=tests), ReportWish(slow_ns=1), source="run")

    return make
