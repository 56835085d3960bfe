"""What the machine went through while a suite ran: the extremes of what was read once a second."""

from lapwing.model.value import Value


class SystemReading(Value):
    """The machine at one moment. None: the system does not tell."""

    available_share: float | None = None  # of the memory, that could still be had
    swap_used_bytes: int | None = None
    busy_ticks: int | None = None  # since the machine started, over all processors
    all_ticks: int | None = None
    tree_bytes: int | None = None  # resident memory of the watched process and all below it


class SystemWatch(Value):
    """From the first reading to the last."""

    began_at_ns: int  # since the epoch
    ended_at_ns: int
    least_available_share: float | None = None
    swap_growth_bytes: int | None = None  # the most over the first reading
    busiest_ns: int = 0  # longest stretch in which processors were busier than the limit
    most_tree_bytes: int | None = None
