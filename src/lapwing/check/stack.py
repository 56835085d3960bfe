"""Where another thread is."""

import sys
import traceback


def stack_of(thread: int) -> str:
    """The calls that the thread `thread` (its ident) is in, outermost first; "" for one that has ended."""
    frame = sys._current_frames().get(thread)
    return "" if frame is None else "".join(traceback.format_stack(frame))
