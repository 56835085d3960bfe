"""The performance page: only the part between the markers is ours."""

import os
import stat
from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.errors import StoreError, UnreadableFileError
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.report import Report
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.make_report import ReportWish, report_on
from lapwing.operations.update_docs import BEGIN, END, update_docs, with_part

PART = f"{BEGIN}\nnew\n{END}"

HEADINGS = (
    "Automated performance tracking",
    "Baselines and updating",
    "Regression tests",
    "Reporting commands with examples",
    "File locations",
    "Thresholds",
    "Common workflows",
    "Troubleshooting",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "tests").mkdir()
    return load_settings(tmp_path, flags={}, environ={})


def report_with(name: str = "tests/a.py::t") -> Report:
    recorded = RecordedRun(
        run=Run(run_id="0192f3a1-7c11-7d2e-9f00-000000000000", started_at_ns=0, duration_ns=1),
        tests=(TestRecord(nodeid=name, outcome=Outcome.PASSED, call_ns=5),),
    )
    return report_on(recorded, ReportWish(slow_ns=1), source="run")


class TestPage:
    def test_a_missing_page_is_made_with_contents_guide_and_report(self, settings: Settings) -> None:
        page = settings.root / "tests" / "PERFORMANCE.md"

        said = update_docs(settings, page, report_with())

        text = page.read_text(encoding="utf-8")
        assert said == f"wrote {page}"
        for heading in HEADINGS:
            assert f"\n## {heading}\n" in text
            assert f"- [{heading}](#{heading.lower().replace(' ', '-')})" in text
        assert "`tests/a.py::t`" in text[text.index(BEGIN) : text.index(END)]
        assert "tests/.performance_baseline.json" in text
        assert "over 30.0 s" in text
        assert "$" not in text

    def test_what_people_wrote_around_the_part_stays(self, settings: Settings) -> None:
        page = settings.root / "page.md"
        page.write_text(f"# Ours\n\nbefore\n{BEGIN}\nstale\n{END}\n\nafter ü\n", encoding="utf-8")

        update_docs(settings, page, report_with())

        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# Ours\n\nbefore\n{BEGIN}\n")
        assert text.endswith(f"{END}\n\nafter ü\n")
        assert "stale" not in text

    def test_the_same_report_again_changes_nothing(self, settings: Settings) -> None:
        page = settings.root / "page.md"
        update_docs(settings, page, report_with())
        before = page.read_bytes()

        said = update_docs(settings, page, report_with())

        assert page.read_bytes() == before
        assert said == f"{page} is up to date"

    def test_a_test_named_like_a_marker_does_not_break_the_page(self, settings: Settings) -> None:
        page = settings.root / "page.md"

        for name in (f"t[{END}]", f"t[\n{BEGIN}\n]"):
            update_docs(settings, page, report_with(name))

        assert page.read_text(encoding="utf-8").count(BEGIN) == 1

    def test_line_ends_of_the_page_are_kept(self, settings: Settings) -> None:
        page = settings.root / "page.md"
        page.write_bytes(f"ours\r\n{BEGIN}\r\nold\r\n{END}\r\nours\r\n".encode())

        update_docs(settings, page, report_with())

        content = page.read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n")
        assert content.endswith(f"{END}\r\nours\r\n".encode())

    def test_rights_and_links_are_kept(self, settings: Settings) -> None:
        page, link = settings.root / "page.md", settings.root / "link.md"
        page.write_text("ours\n")
        page.chmod(0o640)
        link.symlink_to(page)

        update_docs(settings, link, report_with())

        assert link.is_symlink()
        assert BEGIN in page.read_text(encoding="utf-8")
        assert stat.S_IMODE(page.stat().st_mode) == 0o640

    def test_a_page_that_is_not_utf8_is_left_alone(self, settings: Settings) -> None:
        page = settings.root / "page.md"
        page.write_bytes(b"\xff\xfe ours")

        with pytest.raises(UnreadableFileError, match="not UTF-8"):
            update_docs(settings, page, report_with())

        assert page.read_bytes() == b"\xff\xfe ours"

    def test_a_place_that_cannot_be_written_is_named(self, settings: Settings) -> None:
        (settings.root / "file").write_text("")

        with pytest.raises((StoreError, UnreadableFileError), match=r"page\.md"):
            update_docs(settings, settings.root / "file" / "page.md", report_with())

    def test_no_draft_is_left_behind(self, settings: Settings) -> None:
        update_docs(settings, settings.root / "tests" / "page.md", report_with())

        assert os.listdir(settings.root / "tests") == ["page.md"]


class TestPart:
    @pytest.mark.parametrize(
        ("page", "expected"),
        [
            ("", f"{PART}\n"),
            ("ours\n", f"ours\n\n{PART}\n"),
            ("ours", f"ours\n\n{PART}\n"),
            (f"a\n{BEGIN}\nold\n{END}\nb", f"a\n{PART}\nb"),
            (f"  {BEGIN}\n{END}  \n", f"  {PART}  \n"),
            (f"put {BEGIN} and {END} in\n", f"put {BEGIN} and {END} in\n\n{PART}\n"),  # named in prose
        ],
    )
    def test_it_takes_the_place_of_the_old_one_or_stands_at_the_end(self, page: str, expected: str) -> None:
        assert with_part(page, PART, where="page.md") == expected

    @pytest.mark.parametrize(
        "page",
        [
            f"{BEGIN}\n",
            f"{END}\n",
            f"{END}\n{BEGIN}\n",
            f"{BEGIN}\n{BEGIN}\n{END}\n",
            f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n",
        ],
    )
    def test_markers_that_are_no_pair_are_refused(self, page: str) -> None:
        with pytest.raises(UnreadableFileError, match="markers of the report are not one pair"):
            with_part(page, PART, where="page.md")
