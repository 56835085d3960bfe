"""Sums of runs that a busy machine stretched."""

import pytest

MS = 1_000_000


@pytest.fixture
def busy(make_run):
    """Run `number` beside other work; its first three tests, a category of their own, take longer."""

    def made(number, *, waits_ms=0, computes_ms=0):
        run = make_run(number)
        tests = [
            each._replace(
                category="e2e" if at < 3 else each.category,
                call_ns=each.call_ns + 20 * MS + (waits_ms + computes_ms) * MS * (at < 3),
                call_cpu_ns=each.call_cpu_ns + computes_ms * MS * (at < 3),
                run_delay_ns=20 * MS,
            )
            for at, each in enumerate(run.tests)
        ]
        return run._replace(tests=tuple(tests))

    return made


@pytest.mark.parametrize(
    ("more", "verdict"), [({"waits_ms": 150}, "cannot_tell"), ({"computes_ms": 150}, "regressed")]
)
def test_a_sum_is_slower_on_a_busy_machine_only_if_it_computes_longer(shop, busy, more, verdict):
    shop.record(*(busy(number) for number in range(7)), busy(7, **more))

    (category,) = [
        each
        for each in shop.json("compare")["suite"]
        if (each["metric"], each["nodeid"]) == ("category_wall", "e2e")
    ]

    assert category["verdict"] == verdict
    if verdict == "cannot_tell":
        assert "other work kept the processors busy" in category["reason"]
