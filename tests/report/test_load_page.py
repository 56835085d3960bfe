"""The page of a load or stress test."""

from lapwing.model.load import LoadResult, LoadStep, LoadUnit, StoredLoad
from lapwing.report.page import Tone
from lapwing.report.pages.load import load_page
from lapwing.report.render.markdown import render_markdown
from lapwing.report.render.plain import render_plain

MS = 1_000_000


def step_of(load, **changes):
    return LoadStep(
        load=load,
        users=200,
        duration_ns=10_000 * MS,
        offered_rps=load,
        achieved_rps=load,
        requests=1000,
        failures=0,
        p50_ns=4 * MS,
        p95_ns=12 * MS,
        p99_ns=30 * MS,
        lateness_ns=1 * MS,
    )._replace(**changes)


BROKEN = step_of(
    400,
    p95_ns=800 * MS,
    failures=30,
    unsent=12,
    late=99,
    errors={"\x1b[31m<script>|": 30},
    broken=("p95 800 ms > 100 ms", "failures 3.0% > 2.0%"),
)
RESULT = LoadResult(
    name="GET /api",
    target="GET http://127.0.0.1:8000/api",
    unit=LoadUnit.RPS,
    wanted=400,
    steps=(step_of(100), step_of(200), BROKEN),
    breaking_point=400,
    breaking_point_rps=400,
    workers=2,
    started_at_ns=10**18,
    notes=("12 requests were due and could not be sent",),
)


def test_the_verdict_names_what_broke_and_what_was_held():
    page = load_page(RESULT)

    assert page.verdict == "GET /api does not hold 400/s; holds 200/s"
    assert page.tone is Tone.BAD


def test_a_load_that_is_held_says_so():
    held = RESULT._replace(steps=(step_of(400),), breaking_point=None, breaking_point_rps=None, notes=())

    assert load_page(held).verdict == "GET /api holds 400/s"
    assert load_page(held).tone is Tone.GOOD


def test_a_test_that_did_not_come_to_its_end_promises_nothing():
    cut = RESULT._replace(
        steps=(step_of(100),), breaking_point=None, breaking_point_rps=None, is_complete=False
    )

    assert load_page(cut).verdict == "GET /api: not played to its end, 400/s not reached"
    assert load_page(cut).tone is Tone.UNSURE


def test_each_step_says_why_it_was_not_held():
    text = render_plain(load_page(RESULT), 160)

    assert "no: p95 800 ms > 100 ms, failures 3.0% > 2.0%" in text
    assert "99 + 12 unsent" in text
    assert "30 (3.0%)" in text


def test_texts_of_failures_are_harmless():
    assert "\x1b" not in render_plain(load_page(RESULT), 100)
    assert "<script>" not in render_markdown(load_page(RESULT))


def test_the_result_before_is_told_without_a_verdict():
    before = StoredLoad(
        RESULT._replace(started_at_ns=10**18 - 86_400 * 10**9, steps=(step_of(100, p95_ns=10 * MS),)),
        commit="0123456789abcdef",
    )

    text = render_plain(load_page(RESULT, before), 120)

    assert "24 h 00 min ago at 0123456789: did not hold 400/s; at 100/s p95 10.0 ms (now 12.0 ms)" in text


def test_the_result_before_of_another_load_says_whether_that_was_held():
    before = RESULT._replace(
        unit=LoadUnit.USERS, wanted=100, steps=(step_of(100),), breaking_point=None, breaking_point_rps=None
    )

    text = render_plain(load_page(RESULT, StoredLoad(before)), 120)

    assert "ago: held 100 users\n" in text
