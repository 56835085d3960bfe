"""The book of alerts in a file of a checkout: JSON, written whole or not at all."""

import json
from pathlib import Path
from typing import Any, Final

from lapwing.errors import UnreadableFileError
from lapwing.model.alert import Alert, AlertBook, AlertLevel, CauseKind, OpenAlert
from lapwing.store.atomic_file import replace_file
from lapwing.store.json_file import read_json_file

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "alerts.json"

_MEND: Final = "Remove it: what is open is then told once more."


def read_alert_book(path: Path) -> AlertBook:
    """What is in the file; an empty book where there is none.

    Raises BrokenFileError for one that is broken, UnreadableFileError for one of a newer version.
    """
    found = read_json_file(path, schema="alerts", format_version=FORMAT_VERSION, mend=_MEND, keeps_copy=True)
    if found is None:
        return AlertBook()
    try:
        return AlertBook(
            open={each["cause"]: _open(each) for each in found["open"]},
            waiting={name: tuple(map(_alert, alerts)) for name, alerts in found["waiting"].items()},
            sent_ns={name: tuple(moments) for name, moments in found["sent_ns"].items()},
        )
    except ValueError as error:
        raise UnreadableFileError(str(error), where=str(path), mend=_MEND) from error


def write_alert_book(path: Path, book: AlertBook) -> None:
    """Put the book into the file. Raises StoreError where it cannot be written."""
    document: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "open": [{"cause": cause, **each._asdict()} for cause, each in sorted(book.open.items())],
        "waiting": {name: [each._asdict() for each in alerts] for name, alerts in book.waiting.items()},
        "sent_ns": {name: list(moments) for name, moments in book.sent_ns.items()},
    }
    replace_file(path, [json.dumps(document, indent=1), "\n"])


def _open(found: dict[str, Any]) -> OpenAlert:
    return OpenAlert(
        kind=CauseKind(found["kind"]),
        subject=found["subject"],
        what=found["what"],
        level=AlertLevel(found["level"]),
        title=found["title"],
        since_run=found["since_run"],
        since_ns=found["since_ns"],
    )


def _alert(found: dict[str, Any]) -> Alert:
    return Alert(
        cause=found["cause"],
        level=AlertLevel(found["level"]),
        title=found["title"],
        body=found["body"],
        run_id=found["run_id"],
        at_ns=found["at_ns"],
    )
