"""What a profiler saw of one test: the stacks of its calls with what each cost, and the hot spots in them.

Costs are integer nanoseconds under pyinstrument and cProfile, integer bytes under memray.
"""

from lapwing.model.value import Value
from lapwing.model.word import Word


class ProfilerName(Word):
    """What looked closer."""

    PYINSTRUMENT = "pyinstrument"  # wall time, sampled where functions are entered and left
    MEMRAY = "memray"  # memory in use when most of it was
    CPROFILE = "cprofile"  # wall time, every call counted

    @property
    def is_memory(self) -> bool:
        """Whether its costs are bytes; else they are nanoseconds."""
        return self == ProfilerName.MEMRAY


class Frame(Value):
    """A function that was called."""

    function: str
    file: str  # relative to the project's root or to its package; "" for parts of a test, `<built-in>` for C
    line: int = 0  # where its definition begins; 0 if unknown
    is_own: bool = False  # whether it is the project's code, not a library's


class Stack(Value):
    """Calls inside each other, and the cost of what the innermost did itself."""

    frames: tuple[int, ...]  # places in the profile's `frames`, outermost first
    lines: tuple[int, ...]  # beside `frames`: the line that was running; 0 if unknown
    cost: int


class Profile(Value):
    """One test under one profiler. Stacks stand in the order in which they were first seen."""

    nodeid: str
    profiler: ProfilerName
    outcome: str
    frames: tuple[Frame, ...] = ()
    stacks: tuple[Stack, ...] = ()
    started_at_ns: int = 0  # since the epoch
    interval_ns: int | None = None  # between samples; None where nothing was sampled

    @property
    def total(self) -> int:
        """Cost of all stacks."""
        return sum(stack.cost for stack in self.stacks)


class HotSpot(Value):
    """A place that cost much."""

    function: str
    file: str
    line: int  # 0 if unknown
    cost: int
    through: str = ""  # the library function that most of it went into, or empty


class ProfileSummary(Value):
    """What is kept of a profile with the history of its test."""

    nodeid: str
    profiler: ProfilerName
    outcome: str
    total: int
    own_share: float  # of the total, below lines of the project's own code
    own: tuple[HotSpot, ...] = ()  # lines of the project, each with all that it called in libraries
    libraries: tuple[HotSpot, ...] = ()  # functions of libraries, by themselves
    started_at_ns: int = 0
    commit: str | None = None
    run_id: str | None = None  # the run at whose end it was made; None where somebody asked for it
    files: tuple[str, ...] = ()  # what was written, as paths relative to the root where they lie below it
