"""A profile in the form of speedscope, and as a drawing."""

import itertools
import json

from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.profile import Frame, Profile, ProfilerName, Stack
from lapwing.report.charts.draw import drawn
from lapwing.report.charts.twin import twin
from lapwing.report.flame import flame_chart
from lapwing.report.speedscope import speedscope

FRAMES = (
    Frame("call", ""),
    Frame("pay", "shop.py", 3, is_own=True),
    Frame("<script>alert(1)</script>", "x\ud83d"),
)
PROFILE = Profile(
    "a.py::t[\ud83d<b>]",
    ProfilerName.PYINSTRUMENT,
    "passed",
    FRAMES,
    (Stack((0, 1, 2), (0, 4, 0), 60), Stack((0, 1, 2), (0, 5, 0), 20), Stack((0, 1), (0, 0), 20)),
)
STACKS = st.lists(
    st.builds(
        lambda frames, cost: Stack(tuple(frames), (0,) * len(frames), cost),
        st.lists(st.integers(0, 2), min_size=1, max_size=8),
        st.integers(1, 10**12),
    ),
    max_size=30,
).map(tuple)


def test_speedscope_gets_frames_once_and_samples_by_number():
    document = json.loads(json.dumps(speedscope(PROFILE)))

    (profile,) = document["profiles"]
    assert document["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert document["shared"]["frames"][1] == {"name": "pay", "file": "shop.py", "line": 3}
    assert (profile["type"], profile["unit"], profile["endValue"]) == ("sampled", "nanoseconds", 100)
    assert (profile["samples"][0], profile["weights"][0]) == ([0, 1, 2], 60)


def test_memory_is_in_bytes():
    document = speedscope(PROFILE._replace(profiler=ProfilerName.MEMRAY))

    assert document["profiles"][0]["unit"] == "bytes"


def test_calls_of_one_function_are_one_box_whatever_lines_they_stand_in():
    chart = flame_chart(PROFILE, "said")

    assert [(box.label, box.depth, box.share) for box in chart.boxes][:2] == [
        ("call", 0, 1.0),
        ("pay", 1, 1.0),
    ]
    assert [(box.value, box.begin) for box in chart.boxes if box.depth == 2] == [(80, 0.0)]


def test_hostile_names_are_no_markup():
    assert "<script>" not in drawn(flame_chart(PROFILE, "said"))


@given(STACKS)
def test_boxes_lie_within_their_callers_and_beside_each_other(stacks):
    boxes = flame_chart(PROFILE._replace(stacks=stacks), "said").boxes

    by_depth = {}
    for box in boxes:
        by_depth.setdefault(box.depth, []).append(box)
    for depth, row in by_depth.items():
        row.sort(key=lambda box: box.begin)
        for left, right in itertools.pairwise(row):
            assert left.begin + left.share <= right.begin + 1e-9
        assert all(
            depth == 0
            or any(
                outer.begin - 1e-9 <= box.begin and box.begin + box.share <= outer.begin + outer.share + 1e-9
                for outer in by_depth[depth - 1]
            )
            for box in row
        )


@given(STACKS)
def test_the_table_below_has_a_row_for_every_box(stacks):
    chart = flame_chart(PROFILE._replace(stacks=stacks), "said")

    assert len(twin(chart).rows) == len(chart.boxes)
