"""Send a run to an OpenTelemetry collector."""

from collections.abc import Mapping

from lapwing.config.settings import Settings
from lapwing.errors import LapwingError, RemoteError
from lapwing.model.run import RecordedRun
from lapwing.operations.find_run import find_run
from lapwing.operations.finish_run import FinishedRun
from lapwing.operations.read_run import records_of
from lapwing.outbound.otlp import Target, send, target_of
from lapwing.outbound.otlp_messages import Messages
from lapwing.store.protocol import Store


def export_run(recorded: RecordedRun, target: Target, environ: Mapping[str, str]) -> str:
    """Send its trace and its metrics; returns what to say of it.

    Raises MissingExtraError without the extra `telemetry`, RemoteError where the collector does not take it.
    """
    messages = Messages(recorded, environ)
    sent = send(messages.trace_requests(), iter((messages.metrics_request(),)), target)
    if sent.fault:
        raise RemoteError(
            f"the trace of this run was not taken: {sent.fault}",
            where=target.shown,
            mend="Later: lapwing otel.",
        )
    return f"sent the trace and metrics of this run to {target.shown}"


def export_finished(settings: Settings, finished: FinishedRun, environ: Mapping[str, str]) -> FinishedRun:
    """The run that has just been taken in, sent; a fault is told with it and changes nothing else."""
    try:
        said = export_run(finished.recorded, target_of(settings.otel_endpoint, environ), environ)
    except LapwingError as error:
        return finished._replace(faults=(*finished.faults, str(error)))
    return finished._replace(notes=(*finished.notes, said))


def export_named(
    settings: Settings, store: Store | None, name: str, endpoint: str, *, environ: Mapping[str, str]
) -> str:
    """Send the run called `name`; returns what to say of it. Raises as `export_run` does, and NoDataError."""
    recorded = records_of(store, find_run(settings, store, name))
    return export_run(recorded, target_of(endpoint or settings.otel_endpoint, environ), environ)
