"""What is told of simulated runs."""

from lapwing.model.what_if import WhatIf, WhatIfRow
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
