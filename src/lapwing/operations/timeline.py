"""What did each worker do when? A run as a trace."""

from typing import Any

from lapwing.analysis.worker_spans import first_moment
from lapwing.config.settings import Settings
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import own_records_of
from lapwing.report.chrome_trace import chrome_trace
from lapwing.store.protocol import Store


def timeline(settings: Settings, store: Store | None, name: str) -> dict[str, Any]:
    """The run called `name` as a document of Chrome's trace format.

    Raises NoDataError where there is no such run, and for one that was read from reports.
    """
    recorded = own_records_of(store, find_run(settings, store, name))
    return chrome_trace(recorded, first_moment(recorded))
