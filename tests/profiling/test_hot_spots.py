"""What was hot in a profile."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.profile import Frame, HotSpot, Profile, ProfilerName, Stack
from lapwing.profiling.hot_spots import summary_of_profile

CALL = Frame("call", "")
OWN = Frame("pay", "shop.py", 3, is_own=True)
INNER = Frame("add", "cart.py", 8, is_own=True)
LIBRARY = Frame("dumps", "json/__init__.py", 183)
C = Frame("sleep", "<built-in>")
FRAMES = (CALL, OWN, INNER, LIBRARY, C)


def profile(*stacks):
    return Profile("t", ProfilerName.PYINSTRUMENT, "passed", FRAMES, tuple(Stack(*each) for each in stacks))


def test_cost_stands_with_the_innermost_own_line():
    found = summary_of_profile(profile(((0, 1, 2, 3), (0, 5, 9, 0), 70), ((0, 1), (0, 0), 30)))

    assert found.own == (HotSpot("add", "cart.py", 9, 70, "dumps"), HotSpot("pay", "shop.py", 3, 30))
    assert found.own_share == 1.0


def test_the_library_function_is_named_only_where_most_went_into_it():
    found = summary_of_profile(
        profile(
            ((0, 1, 3), (0, 5, 0), 40),
            ((0, 1, 4), (0, 5, 0), 40),
            ((0, 1, 2), (0, 5, 9), 40),
            ((0, 2, 4), (0, 9, 0), 60),
        )
    )

    assert {spot.line: spot.through for spot in found.own} == {5: "dumps", 9: "sleep"}


def test_libraries_are_told_by_themselves():
    found = summary_of_profile(profile(((0, 1, 4), (0, 5, 0), 60), ((0, 3, 4), (0, 0, 0), 40)))

    assert found.libraries == (HotSpot("sleep", "<built-in>", 0, 100),)


def test_nothing_seen_is_nothing_hot():
    found = summary_of_profile(profile())

    assert (found.total, found.own_share, found.own) == (0, 0.0, ())


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 4), min_size=1, max_size=6).map(tuple),
            st.integers(1, 10**9),
        ),
        max_size=18,
    )
)
def test_no_cost_is_told_twice(stacks):
    found = summary_of_profile(profile(*((frames, (0,) * len(frames), cost) for frames, cost in stacks)))

    assert sum(spot.cost for spot in found.own) <= found.total
    assert sum(spot.cost for spot in found.libraries) <= found.total
    assert 0.0 <= found.own_share <= 1.0
