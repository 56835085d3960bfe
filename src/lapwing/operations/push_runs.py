"""Send runs to a server; those that it cannot be reached with wait on the disk."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from lapwing.config.root import HOME
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, LapwingError, RemoteError
from lapwing.model.codec import sent_run_dict
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value
from lapwing.operations.finish_run import FinishedRun
from lapwing.outbound.http import Answer, Http
from lapwing.outbound.push_queue import PushQueue
from lapwing.store.protocol import Store

TOKEN_VARIABLE: Final = "LAPWING_TOKEN"
QUEUE: Final = "push-queue"
_PATIENCE_S: Final = 10.0
_GZIP: Final = "application/gzip"
_TOO_LARGE: Final = (413, 422)


class PushResult(Value):
    """What became of the runs that were to be sent."""

    sent: int = 0  # the server has them now
    known: int = 0  # the server had them already
    waiting: int = 0  # stay on the disk
    refused: tuple[str, ...] = ()  # what the server said of those it will never take
    fault: str = ""  # why some wait


def push_runs(
    store: Store,
    run_ids: Sequence[str],
    *,
    url: str,
    token: str,
    folder: Path,
    project: str | None = None,
    attempts: int = 4,
) -> PushResult:
    """Queue the runs with these ids below `folder`, then send all that waits for `url`.

    Raises ConfigurationError for a wrong address or no token, MissingExtraError, NoDataError, StoreError.
    """
    http = Http(url, bearer(token))
    queue = PushQueue(folder / QUEUE, url)
    for run_id in run_ids:
        _put(queue, store.read_run(run_id))
    return _drained(http, queue, project, attempts)


def push_finished(
    settings: Settings, finished: FinishedRun, url: str, environ: Mapping[str, str]
) -> FinishedRun:
    """The run that has just been taken in, sent; what could not be is told with it and changes nothing else.

    The end of the tests waits for it: a server that does not answer is asked once.
    """
    queue = PushQueue(settings.root / HOME / QUEUE, url)
    try:
        http = Http(url, bearer(environ.get(TOKEN_VARIABLE, "")), read_s=_PATIENCE_S)
        _put(queue, finished.recorded)
        result = _drained(http, queue, None, 1)
    except LapwingError as error:
        return finished._replace(faults=(*finished.faults, f"the run is not pushed: {error}"))
    faults = tuple(f"the run is not taken: {said}" for said in result.refused)
    if result.fault:
        faults += (f"the run is not pushed: {result.fault}\n  Later: lapwing push --queued --to {url}",)
    notes = (f"pushed this run to {url}",) if result.sent + result.known and not faults else ()
    return finished._replace(notes=(*finished.notes, *notes), faults=(*finished.faults, *faults))


def bearer(token: str) -> dict[str, str]:
    """The header that brings a token. Raises ConfigurationError without one."""
    if not token:
        raise ConfigurationError(
            "the server wants a token", mend=f"Set {TOKEN_VARIABLE}; lapwing token create makes one."
        )
    return {"Authorization": f"Bearer {token}"}


def _put(queue: PushQueue, recorded: RecordedRun) -> None:
    queue.put(recorded.run.run_id, json.dumps(sent_run_dict(recorded), separators=(",", ":")).encode())


def _drained(http: Http, queue: PushQueue, project: str | None, attempts: int) -> PushResult:
    result = PushResult()
    path = "/api/v1/runs" + (f"?{urlencode({'project': project})}" if project else "")
    for file in queue.waiting():
        try:
            content = file.read_bytes()
        except OSError:  # another process has sent it meanwhile
            continue
        try:
            answer = http.hand_over(path, content, _GZIP, attempts=attempts)
        except RemoteError as error:
            return _stopped(result, queue, str(error))
        if answer.status in (200, 201):
            result = result._replace(
                sent=result.sent + (answer.status == 201), known=result.known + (answer.status == 200)
            )
        elif answer.status in _TOO_LARGE:
            result = result._replace(refused=(*result.refused, _said(answer)))
        else:
            return _stopped(result, queue, _said(answer))
        with suppress(FileNotFoundError):
            file.unlink()
    return result


def _stopped(result: PushResult, queue: PushQueue, fault: str) -> PushResult:
    return result._replace(waiting=len(queue.waiting()), fault=fault)


def _said(answer: Answer) -> str:
    body = answer.body if isinstance(answer.body, dict) else {}
    return f"the server answers {answer.status}: {str(body.get('error', 'no reason'))[:500]}"
