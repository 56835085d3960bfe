"""The data file of a run: one line per test, for people's scripts and for commands in place of RUN.

Written as a stream, without a dictionary per test: it is made at the end of a test process that
may have run ten thousand tests. Fixtures, collection and benchmarks are not in it, nor are
attempts before the last.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lapwing.errors import StoreError, UnreadableFileError
from lapwing.model.last_attempt import last_places
from lapwing.model.run import RecordedRun, Run
from lapwing.model.run_codec import run_dict, run_of
from lapwing.store.atomic_file import replace_file
from lapwing.store.data_entry import entry_text, record_of, seconds_text
from lapwing.store.json_file import read_json_file
from lapwing.units import NS_PER_S, NS_PER_US

FORMAT_VERSION: Final = 1

_log = logging.getLogger("lapwing")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def write_data_file(path: Path, recorded: RecordedRun, *, slow_threshold_ns: int) -> None:
    """Put `recorded` in the place of the file at `path`.

    A test is slow when set-up, call and tear-down of its last attempt take more than
    `slow_threshold_ns`. Raises StoreError, also where a file stands there that is no data file:
    a setting that names the wrong file must not cost it.
    """
    if not _may_replace(path):
        raise StoreError(
            "a file stands here that is no data file of Lapwing; it is left as it is",
            where=str(path),
            mend="Name another file with data_file in [tool.lapwing], or remove this one.",
        )
    replace_file(path, _lines(recorded, slow_threshold_ns))


def _may_replace(path: Path) -> bool:
    """Whether what stands at `path` is nothing, or begins as JSON does."""
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip()[:1] in (b"", b"{")
    except FileNotFoundError:
        return True
    except OSError:
        return path.is_symlink() and not path.exists()


def read_data_file(path: Path, *, expected: str = "") -> RecordedRun:
    """The run in the file at `path`; an empty one, and a line in the log, where there is no file.

    Needed of an entry are `nodeid` and `duration`. A file without `lapwing_run` gives a run
    named for the file. Raises UnreadableFileError for a broken file and keeps a copy beside; of a
    file that someone has named, which `expected` says in a sentence what it should be, no copy is made.
    """
    mend = expected or "Remove it; the next tracked run writes a new one: pytest --track-performance."
    fields = read_json_file(
        path, schema="data", format_version=FORMAT_VERSION, mend=mend, keeps_copy=not expected
    )
    if fields is None:
        _log.info("no data file at %s", path)
        fields = {"tests": []}
    tests = tuple(map(record_of, fields["tests"]))
    try:
        run = run_of(fields["run"]) if "run" in fields else _bare_run(path, fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableFileError(
            f"$.run is not as Lapwing wrote it ({error})", where=str(path), mend=mend
        ) from error
    return RecordedRun(run=run, tests=tests)


def _lines(recorded: RecordedRun, slow_threshold_ns: int) -> Iterator[str]:
    run, tests = recorded.run, recorded.tests
    start = (_EPOCH + timedelta(microseconds=run.started_at_ns // NS_PER_US)).astimezone()
    yield "{\n"
    yield f'"format_version": {FORMAT_VERSION},\n'
    yield f'"run_id": "{start.isoformat(timespec="seconds")}",\n'
    yield f'"lapwing_run": {json.dumps(run.run_id)},\n'
    yield f'"run": {json.dumps(run_dict(run))},\n'
    yield '"tests": ['
    slow = total_ns = 0
    outcomes: Counter[str] = Counter()
    places = last_places(tests)
    for count, place in enumerate(places):
        record = tests[place]
        duration_ns = record.duration_ns or 0
        total_ns += duration_ns
        slow += duration_ns > slow_threshold_ns
        outcomes[record.outcome.value] += 1
        yield (",\n" if count else "\n") + entry_text(record, run_start=start)
    yield "\n],\n" if places else "],\n"
    yield (
        f'"summary": {{"total_tests": {len(places)}, "slow_tests": {slow}, '
        f'"total_duration": {seconds_text(total_ns)}, '
        f'"average_duration": {seconds_text(total_ns // max(1, len(places)))}, '
        f'"slow_threshold": {seconds_text(slow_threshold_ns)}, "outcomes": {json.dumps(outcomes)}}}\n'
    )
    yield "}\n"


def _bare_run(path: Path, fields: Mapping[str, Any]) -> Run:
    tests = fields["tests"]
    return Run(
        run_id=fields.get("lapwing_run") or path.name,
        started_at_ns=_epoch_ns(fields.get("run_id", "")),
        duration_ns=round(sum(entry["duration"] or 0 for entry in tests) * NS_PER_S),
        runner="",
        is_complete=bool(tests),
        why_incomplete="" if tests else "no tests",
    )


def _epoch_ns(text: str) -> int:
    """Nanoseconds since the epoch of an ISO time (UTC where it has no zone), 0 for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1) * NS_PER_US
