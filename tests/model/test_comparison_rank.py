"""The verdict of a whole is the worst of its parts."""

import pytest

from lapwing.model.comparison import RANK, ChangeVerdict, worst_verdict

REGRESSED, CANNOT_TELL = ChangeVerdict.REGRESSED, ChangeVerdict.CANNOT_TELL
IMPROVED, UNCHANGED = ChangeVerdict.IMPROVED, ChangeVerdict.UNCHANGED


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ([], UNCHANGED),
        ([UNCHANGED, IMPROVED], IMPROVED),
        ([IMPROVED, CANNOT_TELL, UNCHANGED], CANNOT_TELL),
        ([UNCHANGED, REGRESSED, CANNOT_TELL], REGRESSED),
    ],
)
def test_the_worst_verdict_wins(verdicts, worst):
    assert worst_verdict(verdicts) is worst


def test_every_verdict_has_a_rank_of_its_own():
    assert sorted(RANK.values()) == list(range(len(ChangeVerdict)))
