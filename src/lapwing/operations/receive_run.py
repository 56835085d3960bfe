"""Take in a run that was sent: a document of ours, or a report of any tool."""

import hashlib
import io
import json
import uuid
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.config.settings import Settings
from lapwing.errors import TooLargeError, UnreadableFileError
from lapwing.ingest.head import Head
from lapwing.model.run import Machine, Revision
from lapwing.model.run_document import Refusal, read_run_document
from lapwing.model.sent_tests import most_tests_in
from lapwing.model.value import Value
from lapwing.operations.ingest_reports import run_of, write_reports
from lapwing.operations.read_reports import reports
from lapwing.operations.reports_at_rest import ReportsAtRest
from lapwing.store.protocol import Store

GZIP: Final = b"\x1f\x8b"
MOST_DOCUMENT_BYTES: Final = 64_000_000
MOST_VALUES: Final = 5_000_000
MOST_TESTS: Final = 250_000
"""Of one document of ours, which is held as a whole. A value of three bytes takes up to eighty as an
object of Python, a character of one byte up to four: these bounds keep a hostile document below a gigabyte.
Reports are read as a stream."""

_CHUNK: Final = 1 << 20
_PACKED_CHUNK: Final = 1 << 16  # what is left of one is copied at the end of each member
_MOST_MEMBERS: Final = 10_000  # bgzip makes one of each 64 kB
_WHERE: Final = "the run that was sent"
_MEND: Final = "Push the runs of its parts, or send the report of its runner, which is read as a stream."
_BEFORE_A_VALUE: Final = (b",", b":", b"[", b"{")


class Received(Value):
    """What became of a run that was sent."""

    run_id: str
    is_new: bool  # False: a run of that id was there already
    tests: int
    refused: tuple[Refusal, ...] = ()


def receive_run(
    settings: Settings, store: Store, body: bytes, *, project: str | None, run_id: str = "", most_bytes: int
) -> Received:
    """Store the run in `body` and tell what became of it.

    A run goes into `project`, whatever it says itself, unless that is None. `run_id` names a run
    that is read from a report; a document has its own. Raises UnreadableFileError for what is no
    run or unpacks to more than `most_bytes`, NoDataError for a report without tests, StoreError.
    """
    unpacked = _unpacked(body, most_bytes) if body.startswith(GZIP) else body
    document = _document(unpacked)
    if document is None:
        return _receive_report(settings, store, unpacked, project=project, run_id=run_id or _id_of(unpacked))
    try:
        recorded, refused = read_run_document(document)
    except ValueError as error:
        raise UnreadableFileError(str(error), where=_WHERE) from error
    if project is not None:
        recorded = recorded._replace(run=recorded.run._replace(project=project))
    is_new = store.write_run(recorded)
    return Received(recorded.run.run_id, is_new, len(recorded.tests), refused)


def _document(body: bytes) -> dict[str, Any] | None:
    """The body as a document of ours; None for anything else. Raises TooLargeError."""
    head = Head(body)
    if head.data.lstrip()[:1] != b"{":
        return None
    excess = _excess(body)
    if excess:
        if _is_ours(head.json_value):
            raise TooLargeError(f"it holds more than {excess}", where=_WHERE, mend=_MEND)
        return None
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not _is_ours(parsed):
        return None
    if most_tests_in(parsed.get("tests")) > MOST_TESTS:
        raise TooLargeError(f"it holds more than {MOST_TESTS:,} tests", where=_WHERE, mend=_MEND)
    document: dict[str, Any] = parsed
    return document


def _is_ours(parsed: Any) -> bool:
    return isinstance(parsed, dict) and isinstance(parsed.get("run"), dict) and "format_version" in parsed


def _excess(body: bytes) -> str:
    """What there is too much of to parse it whole, "" for nothing: known before anything is made of it."""
    if len(body) > MOST_DOCUMENT_BYTES:
        return f"{MOST_DOCUMENT_BYTES:,} bytes"
    if len(body) <= MOST_VALUES:
        return ""  # each is a byte at least
    # Those inside of texts are counted, too: it is a bound, found in a hundredth of the time of parsing.
    return f"{MOST_VALUES:,} values" if sum(map(body.count, _BEFORE_A_VALUE)) > MOST_VALUES else ""


def _receive_report(
    settings: Settings, store: Store, body: bytes, *, project: str | None, run_id: str
) -> Received:
    """Store a report: sent twice it is one run. It does not say where it was written, of what revision."""
    with ReportsAtRest(reports(["-"], standard_input=io.BytesIO(body), root=settings.root)) as read:
        run = run_of(settings, read, environ={})
        run = run._replace(run_id=run_id, revision=Revision(), machine=Machine(), ci=None, root="")
        if project is not None:
            run = run._replace(project=project)
        is_new, stored = write_reports(settings, store, run, read)
    return Received(run_id, is_new, stored.tally.tests)


def _id_of(body: bytes) -> str:
    """A run id made of the content alone: many reports do not say when they began."""
    digest = hashlib.sha256(body).hexdigest()
    return str(uuid.UUID(f"{digest[:12]}7{digest[12:15]}8{digest[15:30]}"))


def _unpacked(body: bytes, most_bytes: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in _pieces(io.BytesIO(body)):
        size += len(piece)
        if size > most_bytes:
            raise TooLargeError(f"it unpacks to more than {most_bytes:,} bytes", where=_WHERE, mend=_MEND)
        pieces.append(piece)
    unpacked = b"".join(pieces)
    if unpacked.startswith(GZIP):  # its reader would unpack it once more, to no matter how much
        raise UnreadableFileError("it is packed twice", where=_WHERE, mend="Pack it once.")
    return unpacked


def _pieces(packed: BinaryIO) -> Iterator[bytes]:
    """The content of a gzip stream, never more than `_CHUNK` of it at a time."""
    stream, members = zlib.decompressobj(zlib.MAX_WBITS | 16), 1
    try:
        while chunk := packed.read(_PACKED_CHUNK):
            while chunk:
                if stream.eof:
                    if not chunk.startswith(GZIP[:1]):  # padding
                        return
                    members += 1
                    if members > _MOST_MEMBERS:
                        raise TooLargeError(f"it has more than {_MOST_MEMBERS:,} members", where=_WHERE)
                    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
                yield stream.decompress(chunk, _CHUNK)
                chunk = stream.unused_data if stream.eof else stream.unconsumed_tail
        if not stream.eof:
            raise UnreadableFileError("the gzip stream breaks off", where=_WHERE)
    except zlib.error as error:
        raise UnreadableFileError("the gzip stream is broken", where=_WHERE) from error
