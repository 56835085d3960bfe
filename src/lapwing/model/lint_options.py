"""What a run of lint is asked for: which rules, which limits, what is allowed."""

from collections.abc import Mapping

from lapwing.model.value import Value


class LintOptions(Value):
    """Durations in nanoseconds. Codes may be cut off: `LW11` means all that begin so; names of rules do
    too.
    """

    sleep_threshold_ns: int = 10_000_000  # shorter sleeps, loops included, are no finding
    strict: bool = False  # unknown hosts and sleeps of any length fail too
    select: tuple[str, ...] = ()  # rules; empty: all
    ignore: tuple[str, ...] = ()  # rules
    per_file: Mapping[
        str, tuple[str, ...]
    ] = {}  # glob of files, from the working folder -> rules ignored there
    slow_marks: tuple[str, ...] = ()  # marks whose tests may be slow, beside the known ones
    slow_folders: tuple[str, ...] = ()  # folders whose tests may be slow, beside the known ones
    max_cases: int = 200  # cases that one test may be multiplied to
    heavy_imports: tuple[str, ...] = ()  # packages that are heavy to import, beside the known ones
    wall_limit_ns: int = 1_000_000_000  # a limit on elapsed time under this one breaks by noise

    @property
    def threshold_s(self) -> float:
        """The shortest sleep that counts, in seconds."""
        return 0.0 if self.strict else self.sleep_threshold_ns / 1e9
