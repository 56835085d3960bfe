"""What do these reports say? Files, folders, globs and standard input become tests read, as a stream."""

import glob
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from lapwing.errors import NoDataError
from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect, what_it_is
from lapwing.ingest.kept_heap import keep_heap
from lapwing.ingest.plain_tests import PlainTests
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.repeats import Entry, Plain, notable
from lapwing.model.read_test import ReadFile, ReadTest
from lapwing.model.record import Outcome

STANDARD_INPUT: Final = "-"
_MOST_PROBLEMS: Final = 20

OnBytes = Callable[[int], object]
"""Told of how many bytes were read, now and then."""


class Report:
    """One file, read while its `entries` are walked through; then its facts are known."""

    def __init__(
        self,
        path: str,
        stream: BinaryIO | None = None,
        *,
        on_bytes: OnBytes | None = None,
        root: Path | None = None,
    ) -> None:
        self.path = path
        self._above = None if root is None else f"{root.as_posix().rstrip('/')}/"
        self.tool = ""
        self.repeats: Repeats | None = None
        self.format = ""
        self.started_at_ns: int | None = None
        self.tests = 0
        self.is_readable = True
        self.lost_tests = False
        self._stream = stream
        self._on_bytes = on_bytes
        self._problems: list[str] = []
        self._more_problems = 0

    def items(self) -> Iterator[ReadTest | PlainTests]:
        """All entries of the file, while it is read: attempts are not told from tests, each counts."""
        for item in self._read(lambda items: items):
            self.tests += _count_of(item)
            yield self._below_root_all(item) if isinstance(item, PlainTests) else self._test_below_root(item)

    def notable(self, over_ns: Callable[[], int]) -> Iterator[Entry | Plain]:
        """The entries of the file, while it is read; plain tests of no more than `over_ns()` by the suite.

        Attempts are told from tests over some distance: memory stays flat.
        """
        for item in self._read(lambda items: notable(items, over_ns)):
            if isinstance(item, Plain):
                self.tests += item.count
                yield self._below_root_plain(item)
            else:
                self.tests += _counts(item)
                test = self._test_below_root(item.test)
                yield item if test is item.test else item._replace(test=test)

    def facts(self) -> ReadFile:
        """What was found in the file, once its entries are walked through."""
        problems = tuple(self._problems)
        if self._more_problems:
            problems = (*problems, f"and {self._more_problems} more")
        return ReadFile(
            path=self.path,
            format=self.format,
            tool=self.tool,
            tests=self.tests,
            is_report=bool(self.format),
            problems=problems,
            lost_tests=self.lost_tests,
        )

    def _open(self) -> BinaryIO:
        return self._stream if self._stream is not None else Path(self.path).open("rb")

    def _read(self, walk: Callable[[Iterator[ReadItem]], Iterator[Any]]) -> Iterator[Any]:
        """What `walk` makes of the file's items, but for what it says of itself."""
        keep_heap()
        try:
            with self._open() as stream:
                if self._on_bytes is not None:
                    stream = cast(BinaryIO, _Counted(stream, self._on_bytes))
                content = Content(stream)
                reader = detect(content.head)
                if reader is None:
                    self._tell(f"not a known test result: {what_it_is(content.head)}")
                else:
                    self.format = reader.name
                    for item in walk(reader.read(cast(BinaryIO, content), self.path)):
                        if isinstance(item, Problem | ReportFacts):
                            self._note(item)
                        else:
                            yield item
                if content.fault:
                    self.lost_tests = True
                    self._tell(content.fault)
        except OSError as error:
            self.is_readable = False
            self.lost_tests = True
            self._tell(f"cannot be read: {error.strerror or error}")

    def _test_below_root(self, test: ReadTest) -> ReadTest:
        """`test` with its file as the project names it, where that lies in the project."""
        if self._above is None or not test.file.startswith(self._above):
            return test
        return test._replace(file=test.file.removeprefix(self._above))

    def _below_root_all(self, tests: PlainTests) -> PlainTests:
        """As `_test_below_root`, of all of them."""
        above = self._above
        if above is None or above not in "\n".join(tests.files):
            return tests
        return tests._replace(
            files=[file.removeprefix(above) for file in tests.files],
            others={at: self._test_below_root(test) for at, test in tests.others.items()},
        )

    def _below_root_plain(self, plain: Plain) -> Plain:
        tests = self._below_root_all(plain.tests)
        if tests is plain.tests:
            return plain
        slow = [entry._replace(test=self._test_below_root(entry.test)) for entry in plain.slow]
        return plain._replace(tests=tests, slow=tuple(slow))

    def _note(self, item: Problem | ReportFacts) -> None:
        if isinstance(item, ReportFacts):
            self.tool = self.tool or item.tool
            self.repeats = item.repeats or self.repeats
            if self.started_at_ns is None:
                self.started_at_ns = item.started_at_ns
            return
        self.lost_tests = self.lost_tests or item.loses_tests
        self._tell(item.text if item.offset is None else f"byte {item.offset}: {item.text}")

    def _tell(self, problem: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(problem)
        else:
            self._more_problems += 1


class _Counted:
    """A stream that tells how much was read of it."""

    def __init__(self, stream: BinaryIO, on_bytes: OnBytes) -> None:
        self._stream = stream
        self._on_bytes = on_bytes

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        data = self._stream.read(size)
        self._on_bytes(len(data))
        return data


def reports(
    paths: Sequence[str],
    *,
    standard_input: BinaryIO | None = None,
    on_bytes: OnBytes | None = None,
    root: Path | None = None,
) -> Iterator[Report]:
    """The reports at `paths`: files, folders (with all below them), globs, `-` for standard input.

    Each file once, in the order named, those of a folder or glob by name. Test files that the reports name
    by absolute paths below `root` are told by their paths from there. Raises NoDataError for a
    path at which there is nothing, before anything is read.
    """
    found: dict[str, BinaryIO | None] = {}
    for path in paths:
        if path == STANDARD_INPUT:
            found[path] = standard_input
        else:
            found.update(dict.fromkeys(files_at(path)))
    for path, stream in found.items():
        yield Report(path, stream, on_bytes=on_bytes, root=root)


def files_at(path: str) -> list[str]:
    """The files that `path` means. Raises NoDataError where there is none."""
    place = Path(path)
    if place.is_dir():
        return [str(each) for each in sorted(place.rglob("*")) if each.is_file()]
    if place.exists():
        return [path]
    matches = sorted(each for each in glob.glob(path, recursive=True) if Path(each).is_file())  # noqa: PTH207
    if not matches:
        raise NoDataError(
            "there is no such report", where=path, mend="Name files, folders or globs of reports."
        )
    return matches


def _counts(entry: Entry) -> int:
    """1 for an entry that is a test of its own, 0 for attempts, parents and benchmarks."""
    return int(not entry.is_attempt and is_counted(entry.test))


def _count_of(item: ReadTest | PlainTests) -> int:
    if isinstance(item, PlainTests):
        return item.count - sum(not is_counted(test) for test in item.others.values())
    return int(is_counted(item))


def is_counted(test: ReadTest) -> bool:
    """Whether it is a leaf; parents and benchmarks are not counted among the tests."""
    return not (test.is_parent or test.status is Outcome.BENCHMARK)
