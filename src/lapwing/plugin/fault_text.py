"""A fault that ends the recording, in words. Loaded only where there is one."""

import errno
from pathlib import Path

from lapwing.errors import LapwingError


def fault_text(error: Exception, lead: str = "") -> str:
    """What to say of `error`: an error of ours behind `lead`, of any other where it happened."""
    if isinstance(error, LapwingError):
        return f"{lead}{error}"
    if isinstance(error, OSError):
        reason = f"{error.strerror or error}"
        place = f" ({error.filename})" if error.filename else ""
        mend = (
            "something removed it while the tests ran"
            if error.errno == errno.ENOENT
            else ("free space or make the folder writable")
        )
        return f"recording stopped: {reason}{place}; {mend}"
    where = ""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is not None:
        where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return f"recording stopped by a fault of Lapwing{where}: {type(error).__name__}: {error}"
