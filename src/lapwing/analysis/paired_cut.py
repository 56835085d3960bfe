"""On which side of a cut does a test lie? What bisection asks of each commit."""

import math
from collections.abc import Sequence

from lapwing.analysis.paired_looks import p_over_looks
from lapwing.model.metric import CPU
from lapwing.model.paired import Pair
from lapwing.model.paired_design import Design
from lapwing.model.value import Value
from lapwing.stats.paired import center_interval


class CutSide(Value):
    """The likelier side, and the chance to see so much for it if the other one were true."""

    is_over: bool
    p: float  # at most a half
    ratio: float  # b / a


def side_of_cut(pairs: Sequence[Pair], metric: str, cut: float, design: Design) -> CutSide | None:
    """Whether b / a of `pairs`, by the clock `metric`, is over the ratio `cut`.

    None where nothing was measured.
    Between two commits of which one takes `cut` squared times as long as the other, this tells which of
    them a third one is like; `cut` lies in the middle on the log scale.
    """
    logs = [
        math.log(after / before)
        for pair in pairs
        for before, after in [
            (pair.a_cpu_ns, pair.b_cpu_ns) if metric == CPU.name else (pair.a_wall_ns, pair.b_wall_ns)
        ]
        if before and after
    ]
    found = center_interval(logs, design.error)
    if found is None:
        return None
    is_over = found.center > math.log(cut)
    sign = 1 if is_over else -1
    p = p_over_looks([sign * each for each in logs], design, sign * math.log(cut))
    return CutSide(is_over=is_over, p=min(p, 0.5), ratio=math.exp(found.center))
