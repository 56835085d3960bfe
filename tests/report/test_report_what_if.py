"""What is told of simulated runs."""

import pytest

from lapwing.model.what_if import WhatIf, WhatIfRow, WorkerCosts
from lapwing.report.pages.what_if import what_if_page
from lapwing.units import NS_PER_S


def test_changes_are_against_the_run_as_it_is_simulated_and_not_against_what_it_took():
    """Else one process on a machine that others use, too, would gain by nothing."""
    answer = WhatIf(
        run_id="0192f3a1-0000-7000-8000-000000000001",
        rows=(WhatIfRow(2, "load", NS_PER_S, NS_PER_S // 2, ""),),
        recorded_workers=0,
        recorded_dist="no",
        recorded_ns=10 * NS_PER_S,
        simulated_ns=2 * NS_PER_S,
        tests=5,
    )

    page = what_if_page(answer)

    assert page.sections[0].table.rows[0][3] == "-50%"
    assert "is simulated as 2.00 s" in page.verdict
    assert "The run took 10.0 s" in page.sections[0].sentences[0]


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        (WorkerCosts.MEASURED, ""),
        (WorkerCosts.DERIVED, "no run with workers is known, which would be surer"),
        (WorkerCosts.USUAL, "Rows with workers are less sure for that"),
    ],
)
def test_it_is_told_how_sure_the_cost_of_workers_is(costs, said):
    answer = WhatIf(
        run_id="0192f3a1-0000-7000-8000-000000000001",
        rows=(WhatIfRow(2, "load", NS_PER_S, NS_PER_S // 2, ""),),
        recorded_workers=0,
        recorded_dist="no",
        recorded_ns=10 * NS_PER_S,
        simulated_ns=2 * NS_PER_S,
        tests=5,
        worker_costs=costs,
    )

    _, *more = what_if_page(answer).sections[0].sentences

    assert said in " ".join(more)
    assert bool(more) == bool(said)


@pytest.mark.parametrize(
    ("recorded", "workers", "told"),
    [
        (("tests", "-q"), 4, "pytest tests -q -n 4 --dist load"),
        (("-n8", "--dist", "loadfile", "tests"), 4, "pytest tests -n 4 --dist load"),
        (("-n", "auto", "--dist=worksteal", "--no-cov"), 2, "pytest --no-cov -n 2 --dist load"),
        (("--numprocesses=3", "-k", "a b; rm"), 2, "pytest -k 'a b; rm' -n 2 --dist load"),
        (("-n", "8", "tests"), 0, "pytest tests -n 0"),
    ],
)
def test_the_whole_command_is_told_with_other_workers(recorded, workers, told):
    answer = WhatIf(
        run_id="0192f3a1-0000-7000-8000-000000000001",
        rows=(WhatIfRow(workers, "load", NS_PER_S, NS_PER_S // 2, ""),),
        recorded_workers=8,
        recorded_dist="load",
        recorded_ns=10 * NS_PER_S,
        simulated_ns=2 * NS_PER_S,
        tests=5,
        command=recorded,
    )

    assert what_if_page(answer).sections[0].table.rows[0][-1] == told
