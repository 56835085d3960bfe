"""What one path of calls kept."""

from lapwing.model.value import Value


class Kept(Value):
    """What was allocated along one path of calls and not let go of."""

    frames: tuple[tuple[str, int], ...]  # file and line, innermost first
    allocations: int
    size_bytes: int
