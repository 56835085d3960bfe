"""A run as a trace of Chrome's form."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run, WorkerFacts
from lapwing.report.chrome_trace import chrome_trace

MICRO = 1000


def run_of(*, tests=(), fixtures=(), collection=(), processes=()):
    run = Run(run_id="r", started_at_ns=0, duration_ns=10**9, processes=tuple(processes))
    return RecordedRun(run=run, tests=tuple(tests), fixtures=tuple(fixtures), collection=tuple(collection))


def slices(trace, kind):
    return [
        (each["name"], each["tid"], each["ts"], each["dur"])
        for each in trace["traceEvents"]
        if each.get("cat") == kind
    ]


def test_a_test_holds_its_phases_and_time_begins_at_the_first_moment():
    record = TestRecord(
        nodeid="t",
        outcome=Outcome.PASSED,
        start_ns=50 * MICRO,
        setup_ns=10 * MICRO,
        call_ns=20 * MICRO,
        counters={"sleep": Count(2, 5_000_000)},
    )

    trace = chrome_trace(run_of(tests=[record]), -5 * MICRO)

    assert slices(trace, "test") == [("t", 1, 55, 30)]
    assert slices(trace, "phase") == [("setup", 1, 55, 10), ("call", 1, 65, 20)]
    (args,) = [each["args"] for each in trace["traceEvents"] if each.get("cat") == "test"]
    assert (args["outcome"], args["sleep, 2 times, ms"]) == ("passed", 5.0)


def test_workers_have_tracks_of_their_own_with_start_up_and_collection():
    processes = [WorkerFacts(name=name, pid=1, start_ns=30 * MICRO) for name in ("gw0", "gw1")]
    collection = [CollectRecord("c.py", worker="gw1", start_ns=40 * MICRO, duration_ns=2 * MICRO)]

    trace = chrome_trace(run_of(collection=collection, processes=processes), 0)

    assert slices(trace, "start-up") == [("start-up", 1, 0, 30), ("start-up", 3, 0, 30)]
    assert slices(trace, "collection") == [("c.py", 3, 40, 2)]
    names = {each["tid"]: each["args"]["name"] for each in trace["traceEvents"] if each["ph"] == "M"}
    assert (names[1], names[3]) == ("gw0", "gw1")


def test_a_fixture_that_asked_for_another_while_running_holds_it():
    outer = FixtureRecord("outer", "function", "c.py:1", "t", start_ns=0, setup_ns=30 * MICRO)
    inner = FixtureRecord("inner", "function", "c.py:9", "t", start_ns=10 * MICRO, setup_ns=50 * MICRO)

    trace = chrome_trace(run_of(fixtures=[outer, inner]), 0)

    assert slices(trace, "fixture") == [("outer", 2, 0, 80), ("inner", 2, 10, 50)]


@st.composite
def nested_setups(draw):
    """Set-ups as a process makes them: own time, now and then another one inside."""
    records = []

    def set_up(start, depth):
        moment, own = start, 0
        at = len(records)
        records.append(None)
        for _ in range(draw(st.integers(0, 2 if depth < 3 else 0))):
            step = draw(st.integers(1, 50))
            own, moment = own + step, set_up(moment + step, depth + 1)
        last = draw(st.integers(1, 50))
        records[at] = FixtureRecord("f", "function", "", "t", start_ns=start, setup_ns=own + last)
        return moment + last

    moment = 0
    for _ in range(draw(st.integers(1, 4))):
        moment = set_up(moment + draw(st.integers(0, 9)), 0)
    return records


@given(nested_setups())
def test_slices_of_a_track_never_cross(fixtures):
    spans = [
        (round(begin * MICRO), round((begin + spent) * MICRO))
        for _, _, begin, spent in slices(chrome_trace(run_of(fixtures=fixtures), 0), "fixture")
    ]

    for begin, end in spans:
        for other, other_end in spans:
            assert end <= other or other_end <= begin or (begin - other) * (end - other_end) <= 0
