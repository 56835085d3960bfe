"""Charts: what is drawn is well-formed, says its sentence, and has every number in its twin."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.report.chart import (
    Bar,
    BarChart,
    Chart,
    Lane,
    LineChart,
    PartsChart,
    Point,
    Scale,
    Span,
    SpanKind,
    SpreadChart,
    SpreadGroup,
    TimelineChart,
)
from lapwing.report.charts.draw import drawn
from lapwing.report.charts.line import line_chart
from lapwing.report.charts.scale import quantile, round_up
from lapwing.report.charts.timeline import runs_of
from lapwing.report.charts.twin import twin

SVG = "{http://www.w3.org/2000/svg}"
SECOND = 1_000_000_000
HOSTILE = '"><script>alert(1)</script>\u202e&\x1b]'

numbers = st.floats(min_value=0, max_value=1e15)
names = st.one_of(st.text(max_size=20), st.just(HOSTILE))
scales = st.sampled_from(Scale)
points = st.lists(st.tuples(names, numbers, names).map(Point._make), max_size=30).map(tuple)
bars = st.lists(st.tuples(names, numbers, names).map(Bar._make), max_size=8).map(tuple)
groups = st.lists(
    st.tuples(names, st.lists(numbers, max_size=9).map(tuple)).map(SpreadGroup._make), max_size=3
).map(tuple)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    said, scale = draw(names), draw(scales)
    kind = draw(st.sampled_from((LineChart, BarChart, PartsChart, SpreadChart)))
    if kind is LineChart:
        limit = draw(st.none() | numbers)
        return LineChart(said, draw(points), scale, limit=limit, limit_name=draw(names))
    return kind(said, draw(groups if kind is SpreadChart else bars), scale)


@given(charts())
def test_any_chart_is_one_well_formed_picture_without_foreign_elements(chart: Chart) -> None:
    picture = ElementTree.fromstring(drawn(chart))

    known = {"svg", "g", "line", "polyline", "polygon", "rect", "circle", "text", "title"}
    assert {each.tag.removeprefix(SVG) for each in picture.iter()} <= known


@given(charts())
def test_a_twin_has_a_cell_for_each_of_its_columns(chart: Chart) -> None:
    table = twin(chart)

    assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_picture_says_its_sentence_to_who_does_not_see_it() -> None:
    chart = BarChart("api takes most", (Bar("api", 2), Bar("unit", 1)), Scale.COUNT)

    picture = ElementTree.fromstring(drawn(chart))

    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "api takes most"


def test_the_largest_bar_is_as_wide_as_the_picture_and_half_of_it_half_as_wide() -> None:
    chart = BarChart("said", (Bar("api", 2 * SECOND), Bar("unit", SECOND)), Scale.DURATION)

    picture = ElementTree.fromstring(drawn(chart))

    assert [each.get("width") for each in picture.iter(f"{SVG}rect")] == ["100.00%", "50.00%"]


def test_a_point_with_a_note_is_told_by_its_shape() -> None:
    chart = LineChart("said", (Point("run 1", 1.0), Point("run 2", 2.0, "failed")), Scale.COUNT)

    picture = ElementTree.fromstring(line_chart(chart))

    assert len(list(picture.iter(f"{SVG}circle"))) == 1
    assert "run 2: 2, failed" in [each.text for each in picture.iter(f"{SVG}title")]


def test_of_many_points_the_outlier_is_still_drawn() -> None:
    values = [1.0] * 20_000
    values[7_777] = 100.0
    chart = LineChart("said", tuple(Point(str(at), value) for at, value in enumerate(values)), Scale.COUNT)

    picture = ElementTree.fromstring(line_chart(chart))

    path = next(picture.iter(f"{SVG}polyline")).get("points", "").split()
    assert len(path) <= 502
    assert min(float(place.split(",")[1]) for place in path) < 30


def test_a_line_shows_levels_steps_band_and_limit() -> None:
    chart = LineChart(
        "said",
        tuple(Point(str(at), float(at)) for at in range(4)),
        Scale.DURATION,
        steps=(2,),
        levels=(1.0, 3.0),
        band=((0, 2),) * 4,
        limit=4.0,
        limit_name="budget",
    )

    text = line_chart(chart)

    assert text.count('class="lw-level"') == 2
    assert text.count('class="lw-step"') == 1
    assert 'class="lw-band"' in text
    assert "budget 4 ns" in text


@pytest.mark.parametrize(
    ("values", "x"), [([1.0] * 8 + [4.1, 3.5], "0%"), ([4.1] + [1.0] * 9, "100%"), ([1.0] * 10, "100%")]
)
def test_the_name_of_a_limit_stands_where_it_hides_no_value(values: list[float], x: str) -> None:
    points = tuple(Point(str(at), value) for at, value in enumerate(values))
    chart = LineChart("said", points, Scale.DURATION, limit=4.0, limit_name="budget")

    picture = ElementTree.fromstring(line_chart(chart))

    assert next(each for each in picture.iter(f"{SVG}text") if "budget" in (each.text or "")).get("x") == x


def test_a_lane_shows_what_took_most_of_each_place_and_leaves_idle_time_free() -> None:
    spans = (
        Span(0, ((SpanKind.SETUP, SECOND), (SpanKind.CALL, SECOND)), "a"),
        Span(3 * SECOND, ((SpanKind.CALL, SECOND),), "b"),
    )

    stretches = runs_of(Lane("gw0", spans), 4 * SECOND)

    assert stretches == [(SpanKind.SETUP, 0, 100), (SpanKind.CALL, 100, 200), (SpanKind.CALL, 300, 400)]


def test_the_twin_of_a_timeline_adds_up_what_each_process_did() -> None:
    spans = (
        Span(0, ((SpanKind.SETUP, SECOND), (SpanKind.CALL, SECOND)), "a"),
        Span(3 * SECOND, ((SpanKind.CALL, SECOND),), "b"),
    )

    table = twin(TimelineChart("said", 4 * SECOND, (Lane("gw0", spans),)))

    assert [column.title for column in table.columns][1:3] == ["set-up", "call"]
    assert table.rows == (("gw0", "1.00 s", "2.00 s", "4.00 s", "1.00 s"),)


@pytest.mark.parametrize(
    ("largest", "end"), [(0, 1), (1, 1), (1.1, 2), (3, 4), (5, 6), (7, 10), (61 * SECOND, 120 * SECOND)]
)
def test_an_axis_ends_at_the_next_round_number(largest: float, end: float) -> None:
    scale = Scale.DURATION if largest > SECOND else Scale.COUNT

    assert round_up(largest, scale) == end


@given(numbers)
def test_an_axis_holds_its_largest_value(largest: float) -> None:
    assert round_up(largest, Scale.DURATION) >= largest * (1 - 1e-9)


@given(st.lists(numbers, min_size=1, max_size=20), st.floats(min_value=0, max_value=1))
def test_a_quantile_agrees_with_numpy(values: list[float], q: float) -> None:
    numpy = pytest.importorskip("numpy")

    assert quantile(sorted(values), q) == pytest.approx(float(numpy.quantile(values, q)), rel=1e-9, abs=1e-6)


def test_a_strip_fills_the_whole_width_each_value_in_the_middle_of_its_stretch() -> None:
    chart = LineChart("said", tuple(Point(str(at), at) for at in range(4)), Scale.COUNT, strip_to="end")

    picture = ElementTree.fromstring(line_chart(chart))

    dots = [each.get("cx") for each in picture.iter() if each.tag.endswith("circle")]
    assert dots == ["12.50%", "37.50%", "62.50%", "87.50%"]
    assert "lw-strip" in picture.get("class", "")
    assert "end" in [each.text for each in picture.iter() if each.get("x") == "100%"]
