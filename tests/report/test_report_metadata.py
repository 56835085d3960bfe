"""Metadata of a benchmark: shown with it, and named where it differs from the baseline's."""

from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import measured_metric
from lapwing.report.page import Page
from lapwing.report.pages.changes import change_section
from lapwing.report.pages.measured import measured_section
from lapwing.report.render.plain import render_plain


def text_of(section):
    return render_plain(Page(title="", verdict="", sections=(section,)), 200)


def record(**changes):
    made = BenchmarkRecord(name="parse", nodeid="t.py::t", source="lapwing", unit="ns", samples=(1e6,))
    return made._replace(**changes)


def test_metadata_has_a_column_where_a_benchmark_has_some():
    text = text_of(measured_section("", (record(metadata={"rows": "10", "build": "\x1b[31m"}), record())))

    assert "metadata" in text
    assert "rows: 10" in text
    assert "\x1b" not in text
    assert "metadata" not in text_of(measured_section("", (record(),)))


def test_metadata_that_changed_stands_beside_what_became_slower():
    slower = Comparison(
        nodeid="t.py::t",
        metric=measured_metric("wall", "parse"),
        unit="ns",
        before=1e6,
        after=2e6,
        ratio=2.0,
        interval=(1.8, 2.2),
        p=1e-4,
        q=1e-3,
        verdict=ChangeVerdict.REGRESSED,
        reason="few baseline runs; metadata changed: rows 10 → 20",
    )

    assert "metadata changed: rows 10 → 20" in text_of(change_section("slower", "slower", [slower], 5))
    unchanged = slower._replace(reason="few baseline runs")
    assert "metadata" not in text_of(change_section("slower", "slower", [unchanged], 5))
