"""A run that is sent comes back as it was, and nothing that is sent breaks the reader."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lapwing.model.codec import recorded_run_dict, sent_run_dict
from lapwing.model.columned_tests import columns_of
from lapwing.model.record import Count, Outcome, Subtest, TestRecord
from lapwing.model.run import CiJob, Machine, RecordedRun, Revision, Run
from lapwing.model.run_document import read_run_document
from lapwing.model.run_text import recorded_run_json
from lapwing.model.sent_column import sent_column, values_of

TEXT = st.text(max_size=12)
INT64 = st.integers(-(2**63), 2**63 - 1)


def made(kind, **fields):
    """Values of `kind` with these fields; `builds` would make up the others, too."""
    return st.fixed_dictionaries(fields).map(lambda chosen: kind(**chosen))


SUBTESTS = made(Subtest, name=TEXT, outcome=st.sampled_from(list(Outcome)), duration_ns=st.none() | INT64)
TESTS = made(
    TestRecord,
    nodeid=TEXT,
    outcome=st.sampled_from(list(Outcome)),
    attempt=st.integers(1, 5),
    worker=TEXT,
    setup_ns=st.none() | INT64,
    call_ns=st.none() | INT64,
    call_cpu_ns=st.none() | INT64,
    child_cpu_ns=st.none() | INT64,
    peak_bytes=st.none() | INT64,
    leaked_threads=INT64,
    markers=st.lists(TEXT, max_size=3).map(tuple),
    counters=st.dictionaries(TEXT, made(Count, count=INT64, time_ns=INT64), max_size=2),
    subtests=st.lists(SUBTESTS, max_size=2).map(tuple),
)
RUNS = made(
    Run,
    run_id=st.just("0192f3a1-0000-7000-8000-000000000001"),
    started_at_ns=INT64,
    duration_ns=INT64,
    project=TEXT,
    revision=made(Revision, commit=st.none() | TEXT, dirty=st.none() | st.booleans()),
    machine=made(Machine, cpu_model=TEXT, cores=INT64, cpu_limit=st.none() | st.floats(-1e300, 1e300)),
    ci=st.none() | made(CiJob, provider=TEXT, pipeline=st.none() | TEXT),
    packages=st.dictionaries(TEXT, TEXT, max_size=3),
    command=st.lists(TEXT, max_size=3).map(tuple),
    is_complete=st.booleans(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    run=RUNS,
    tests=st.lists(TESTS, min_size=1, max_size=4).map(tuple),
    write=st.sampled_from([sent_run_dict, recorded_run_dict]),
)
def test_the_columns_that_were_sent_are_those_of_the_tests_read(run, tests, write):
    read = read_run_document(json.loads(json.dumps(write(RecordedRun(run=run, tests=tests)))))

    of_records = columns_of(tuple(read.recorded.tests))
    assert {name: tuple(column) for name, column in columns_of(read.recorded.tests).items()} == of_records


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(run=RUNS, tests=st.lists(TESTS, max_size=4).map(tuple))
def test_a_run_comes_back_as_it_was_sent(run, tests):
    recorded = RecordedRun(run=run, tests=tests)

    read = read_run_document(json.loads(json.dumps(recorded_run_dict(recorded))))

    assert read == (recorded, ())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(run=RUNS, tests=st.lists(TESTS, max_size=4).map(tuple))
def test_a_run_comes_back_as_it_was_sent_in_columns(run, tests):
    recorded = RecordedRun(run=run, tests=tests)

    read = read_run_document(json.loads(json.dumps(sent_run_dict(recorded))))

    assert read == (recorded, ())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(run=RUNS, tests=st.lists(TESTS, max_size=4).map(tuple))
def test_the_text_of_a_run_says_what_its_dictionary_says(run, tests):
    recorded = RecordedRun(run=run, tests=tests)

    assert json.loads(recorded_run_json(recorded)) == json.loads(json.dumps(recorded_run_dict(recorded)))


@given(name=st.sampled_from([*TestRecord._fields, "tests"]), value=JSON, is_there=st.booleans())
def test_columns_are_read_as_the_records_that_they_stand_for(name, value, is_there):
    good = TestRecord(nodeid="good", outcome=Outcome.PASSED, call_ns=1)
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = sent_run_dict(RecordedRun(run=run, tests=(good, good)))
    columns = {"nodeid": ["good", "good"], "outcome": ["passed", "passed"], "call_ns": [1, 1]}
    if is_there:
        columns[name] = [TestRecord._defaults.get(name, "x"), value]
    else:
        columns.pop(name, None)
    records = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]

    in_columns = read_run_document(json.loads(json.dumps({**fields, "tests": columns})))

    assert in_columns == read_run_document(json.loads(json.dumps({**fields, "tests": records})))


COLUMNS = st.one_of(
    st.lists(st.none() | INT64, min_size=1, max_size=40),
    st.lists(INT64, min_size=1, max_size=40),
    st.lists(st.integers(0, 9), min_size=1, max_size=40),
    st.lists(TEXT, min_size=1, max_size=40),
    st.lists(st.sampled_from(["gw0", "gw1"]), min_size=1, max_size=400),
    st.lists(st.lists(TEXT, max_size=2).map(tuple), min_size=1, max_size=9),
    st.lists(st.dictionaries(TEXT, TEXT, max_size=2), min_size=1, max_size=9),
)


@given(column=COLUMNS)
def test_a_column_comes_back_whatever_form_it_is_sent_in(column):
    read = values_of(json.loads(json.dumps(sent_column(column))), len(column))

    assert [tuple(each) if isinstance(each, list) else each for each in read] == column


def test_columns_of_a_large_suite_are_sent_in_the_forms_that_are_read_quickly():
    many = range(1000)

    assert sent_column([7 for _ in many]) == {"each": 7}
    assert set(sent_column(list(many))) == {"int32"}
    assert set(sent_column([row << 40 for row in many])) == {"int64"}
    assert set(sent_column([None if row == 3 else row for row in many])) == {"int32", "missing"}
    assert sent_column([None if row == 3 else row for row in many])["missing"] == [3]
    assert set(sent_column([f"gw{row % 8}" for row in many])) == {"one_of", "at"}
    assert sent_column([str(row) for row in many]) == [str(row) for row in many]


FORMS = st.fixed_dictionaries(
    {},
    optional={
        "each": JSON,
        "one_of": JSON | st.lists(JSON),
        **dict.fromkeys(("at", "int32", "int64"), JSON | st.sampled_from(["", "AAE=", "AAAAAAEAAAA=", "A"])),
        "missing": JSON | st.lists(st.integers(-1, 3)),
    },
)


@given(name=st.sampled_from([*TestRecord._fields, "tests"]), form=FORMS, other=FORMS)
def test_any_form_of_a_column_is_taken_or_refused_in_words(name, form, other):
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = recorded_run_dict(RecordedRun(run=run))
    columns = {"nodeid": ["a", "b"], "outcome": {"each": "passed"}, "call_ns": other, name: form}

    try:
        read = read_run_document(json.loads(json.dumps({**fields, "tests": columns})))
    except ValueError:
        return
    assert len(read.recorded.tests) + len(read.refused) == 2


def test_a_test_is_refused_alone_where_its_column_is_sent_in_a_short_form():
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    names = {"nodeid": ["a", "b", "c"], "outcome": {"one_of": ["passed", "great"], "at": "AAEA"}}

    read = read_run_document({**recorded_run_dict(RecordedRun(run=run)), "tests": names})

    assert [record.nodeid for record in read.recorded.tests] == ["a", "c"]
    assert [each.place for each in read.refused] == ["tests[1]"]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"at": "AAEA"}, "no list of what it is one of"),
        ({"one_of": ["passed"], "at": "AAEA"}, "names a value that it does not have"),
        ({"int32": "AAAA"}, "not of one length"),
        ({"int32": "AAAAAAAAAAAAAAAA", "missing": [3]}, "names a row that it does not have"),
        ({"int32": "AAAAAAAAAAAAAAAA", "missing": 3}, "no list of what is missing"),
        ({"int8": "AAAA"}, "a column of tests is no list"),
        ({"int32": "----------------"}, "base64"),
    ],
)
def test_a_broken_form_is_refused_in_words(column, said):
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = {
        **recorded_run_dict(RecordedRun(run=run)),
        "tests": {"nodeid": ["a", "b", "c"], "outcome": column},
    }

    with pytest.raises(ValueError, match=said):
        read_run_document(fields)


def test_columns_of_which_none_tells_how_many_there_are_are_refused():
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = {**recorded_run_dict(RecordedRun(run=run)), "tests": {"nodeid": {"each": "a"}}}

    with pytest.raises(ValueError, match="tells how many"):
        read_run_document(fields)


def test_columns_that_are_not_of_one_length_are_refused_in_words():
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = {
        **recorded_run_dict(RecordedRun(run=run)),
        "tests": {"nodeid": ["a", "b"], "outcome": ["passed"]},
    }

    with pytest.raises(ValueError, match="not of one length"):
        read_run_document(fields)


@given(name=st.sampled_from([*TestRecord._fields]), value=JSON)
def test_a_record_with_anything_in_a_field_is_taken_or_refused_alone(name, value):
    good = TestRecord(nodeid="good", outcome=Outcome.PASSED, call_ns=1)
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = recorded_run_dict(RecordedRun(run=run, tests=(good, good)))
    fields["tests"][1] = {**fields["tests"][1], name: value}

    read = read_run_document(fields)

    assert read.recorded.tests[0] == good
    assert len(read.recorded.tests) + len(read.refused) == 2


@given(name=st.sampled_from([*TestRecord._fields]), value=JSON, is_there=st.booleans())
def test_records_are_read_alike_alone_and_beside_one_that_is_refused(name, value, is_there):
    good = TestRecord(nodeid="good", outcome=Outcome.PASSED, call_ns=1)
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = recorded_run_dict(RecordedRun(run=run, tests=(good, good)))
    if is_there:
        fields["tests"][1][name] = value
    else:
        del fields["tests"][1][name]

    alone = read_run_document(fields)
    beside = read_run_document({**fields, "tests": [*fields["tests"], {"nodeid": "without outcome"}]})

    assert beside.recorded.tests == alone.recorded.tests
    assert beside.refused[:-1] == alone.refused


@given(value=JSON, place=st.sampled_from(["", "run", "tests", "fixtures", "benchmarks", "budgets"]))
def test_anything_else_is_refused_in_words(value, place):
    run = Run(run_id="0192f3a1-0000-7000-8000-000000000001", started_at_ns=0, duration_ns=0)
    fields = recorded_run_dict(RecordedRun(run=run))
    document = value if not place else {**fields, place: value}

    try:
        read = read_run_document(document)
    except ValueError:
        return
    assert read.recorded.run == run
