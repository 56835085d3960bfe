"""Laws of the spool line: what was written is what is read, whatever is in it."""

import string
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.store.run_files import line
from lapwing.store.run_files.reader import ProcessSpool, kept_process, read_process
from lapwing.store.run_files.writer import Kept, SpoolWriter

# Lone surrogates, NUL, newlines and every other character, and the ones that break formats.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from(
    ["", "\n", "\r\n", "\0", "\ud800", "\udc80x", '"', "\\", "%s", "%", "{}", "],[", "\u2028", "😀"]
)
OUTCOMES = st.sampled_from(list(Outcome))
NS = st.integers(0, 2**62)
MEASURES = line.MEASURES[:-1]
# All small, one large, one unknown: each has a form of its own.
SMALL = st.integers(-(2**31) - 1, 2**31)
MEASURED = st.none() | st.integers(-(2**64), 2**64)


def records_of(measured: st.SearchStrategy[int | None]) -> st.SearchStrategy[TestRecord]:
    """Any record with such measures."""
    return st.builds(
        TestRecord,
        nodeid=ANY_TEXT,
        outcome=OUTCOMES,
        attempt=st.integers(1, 1000),
        worker=st.just("gw0"),
        category=ANY_TEXT,
        start_ns=NS,
        **dict.fromkeys(MEASURES, measured),
        leaked_threads=st.integers(-100, 100),
        shared_fixture_ns=st.just(0),
        markers=st.lists(ANY_TEXT, max_size=3).map(tuple),
        counters=st.dictionaries(ANY_TEXT, st.builds(Count, NS, NS), max_size=3),
        subtests=st.lists(st.builds(Subtest, ANY_TEXT, OUTCOMES, st.none() | NS), max_size=3).map(tuple),
    )


TESTS = records_of(SMALL) | records_of(st.integers(-(2**63), 2**63 - 1)) | records_of(MEASURED)
BENCHMARKS = st.builds(
    BenchmarkRecord,
    name=ANY_TEXT,
    nodeid=ANY_TEXT,
    source=ANY_TEXT,
    unit=st.just("ns"),
    samples=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=4).map(tuple),
    iterations=st.integers(1, 10**9),
    warmup=st.integers(0, 10**9),
    group=st.none() | ANY_TEXT,
    metadata=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3),
    metric=ANY_TEXT,
    higher_is_better=st.booleans(),
)
COLLECTION = st.builds(
    CollectRecord,
    nodeid=ANY_TEXT,
    worker=st.just("gw0"),
    start_ns=NS,
    duration_ns=NS,
    cpu_ns=NS,
    outcome=OUTCOMES,
)
SCOPES = st.sampled_from(["function", "class", "module", "package", "session"])
FIXTURES = st.builds(
    FixtureRecord,
    name=ANY_TEXT,
    scope=SCOPES,
    location=ANY_TEXT,
    requester=st.just("test"),
    worker=st.just("gw0"),
    param=st.none() | ANY_TEXT,
    start_ns=NS,
    setup_ns=NS,
    teardown_ns=st.none() | NS,
    failed=st.booleans(),
)
FEW = settings(max_examples=60, deadline=None)


def text(value: object) -> object:
    """A number as it stands in a line."""
    return line.NULL if value is None else value


def kept_of(
    record: TestRecord, setups: tuple[str, ...] = (), teardowns: tuple[str, ...] = ()
) -> tuple[Any, ...]:
    """What the lines of `record` are made of, as the recorder keeps it."""
    counters = ",".join(
        f"{line.quoted(name)}:[{count},{ns}]" for name, (count, ns) in record.counters.items()
    )
    subtests = [
        f"[{line.quoted(name)},{line.quoted(outcome.value)},{text(ns)}]"
        for name, outcome, ns in record.subtests
    ]
    extras = line.NO_EXTRAS
    if counters or subtests or setups or teardowns:
        extras = line.extras_text("{" + counters + "}", subtests, setups, teardowns)
    measures = tuple(getattr(record, name) for name in line.MEASURES)
    meta = line.markers_text(record.category, record.markers)
    return record.nodeid, record.attempt, record.start_ns, record.outcome.value, measures, meta, extras


def line_of(record: TestRecord, setups: tuple[str, ...] = (), teardowns: tuple[str, ...] = ()) -> bytes:
    """The two lines of `record`, as the recorder writes them."""
    *begun, outcome, measures, meta, extras = kept_of(record, setups, teardowns)
    return line.begin_line(*begun) + line.test_line(outcome, measures, meta, extras)


def written_and_read(*lines: bytes) -> ProcessSpool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gw0.jsonl")
        writer = SpoolWriter(path)
        writer.write(line.header_line("run", "gw0", 1, 0, 0, 0))
        for each in lines:
            writer.write(each)
        writer.close()
        spool = read_process(path)
    assert spool is not None
    return spool


@FEW
@given(st.lists(TESTS, max_size=4))
def test_a_test_is_read_as_it_was_written(records: list[TestRecord]) -> None:
    spool = written_and_read(*[line_of(record) for record in records])

    assert spool.tests == records
    assert spool.broken_lines == 0


@FEW
@given(st.lists(TESTS, max_size=4))
def test_what_is_kept_of_a_test_is_read_as_it_was(records: list[TestRecord]) -> None:
    kept = Kept("gw0.jsonl")
    kept.lines.append(line.header_line("run", "gw0", 1, 0, 0, 0))
    kept.tests += map(kept_of, records)

    spool = kept_process(kept)

    assert spool is not None
    assert spool.tests == records


@FEW
@given(st.lists(BENCHMARKS, max_size=4))
def test_a_benchmark_is_read_as_it_was_written(records: list[BenchmarkRecord]) -> None:
    spool = written_and_read(*[line.measurement_line(record) for record in records])

    assert spool.benchmarks == records
    assert spool.broken_lines == 0


@FEW
@given(st.lists(COLLECTION, max_size=4))
def test_a_collector_is_read_as_it_was_written(records: list[CollectRecord]) -> None:
    spool = written_and_read(
        *[
            line.collector_line(each.nodeid, each.start_ns, each.duration_ns, each.cpu_ns, each.outcome.value)
            for each in records
        ]
    )

    assert spool.collection == records
    assert spool.broken_lines == 0


@FEW
@given(st.lists(FIXTURES, max_size=4), st.booleans())
def test_fixtures_are_read_as_they_were_written_and_shared_ones_counted(
    records: list[FixtureRecord], is_late: bool
) -> None:
    setups = [
        f"[{number},{number},{each.start_ns},{each.setup_ns},"
        f"{line.NULL if each.param is None else line.quoted(each.param)},{str(each.failed).lower()},"
        f"{line.quoted(each.name)},{line.quoted(each.scope)},{line.quoted(each.location)}]"
        for number, each in enumerate(records)
    ]
    teardowns = [
        f"[{number},{each.teardown_ns}]"
        for number, each in enumerate(records)
        if each.teardown_ns is not None
    ]
    test = TestRecord(nodeid="test", outcome=Outcome.PASSED)

    if is_late:
        spool = written_and_read(line.late_fixtures_line("test", setups, teardowns))
    else:
        spool = written_and_read(line_of(test, tuple(setups), tuple(teardowns)))

    assert spool.fixtures == records
    assert spool.broken_lines == 0
    if not is_late:
        shared = [each for each in records if each.scope != "function"]
        assert spool.tests[0].shared_fixture_ns == sum(
            each.setup_ns + (each.teardown_ns or 0) for each in shared
        )


@FEW
@given(ANY_TEXT, st.integers(1, 100), NS)
def test_a_test_that_only_began_is_the_running_one(nodeid: str, attempt: int, start: int) -> None:
    spool = written_and_read(line.begin_line(nodeid, attempt, start))

    assert spool.running == (nodeid, attempt, start)


@FEW
@given(TESTS, OUTCOMES)
def test_another_outcome_told_later_holds(record: TestRecord, outcome: Outcome) -> None:
    spool = written_and_read(line_of(record), line.outcome_line(outcome.value))

    assert spool.tests == [record._replace(outcome=outcome)]


@FEW
@given(TESTS, st.data())
def test_a_torn_last_line_costs_that_line_only(record: TestRecord, data: st.DataObject) -> None:
    whole = line_of(record)
    cut = data.draw(st.integers(0, len(whole) - 1))

    spool = written_and_read(whole, whole[:cut])

    assert spool.tests == [record]
    assert spool.broken_lines == 0  # what a kill leaves behind is no fault


@FEW
@given(st.lists(st.text(string.printable).map(lambda text: text.replace("\n", " ")), max_size=5), TESTS)
def test_lines_that_are_none_of_ours_are_counted_and_passed_over(
    noise: list[str], record: TestRecord
) -> None:
    spool = written_and_read(*[f'"{each}\n'.encode() for each in noise], line_of(record))

    assert spool.tests == [record]
    assert spool.broken_lines == len(noise)


@FEW
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | ANY_TEXT,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=2),
        max_leaves=12,
    ),
    st.sampled_from("btoczximeq"),
)
def test_lines_of_another_shape_never_raise(items: object, letter: str) -> None:
    garbage = line._line([letter, *(items if isinstance(items, list) else [items])])

    spool = written_and_read(garbage)

    assert spool.broken_lines in (0, 1)
