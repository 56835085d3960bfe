"""Many files: read, looked up in the cache, checked, in this process or in several."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from lapwing.lint.cache import Cache
from lapwing.lint.check_file import FileChecker
from lapwing.lint.digest import digest_of
from lapwing.lint.roles import stamp_of
from lapwing.lint.selection import Selection
from lapwing.lint.source import Broken, read
from lapwing.model.finding import Finding
from lapwing.model.lint_options import LintOptions
from lapwing.model.test_history import FileHistory
from lapwing.model.value import Value

_FEW: Final = 150
"""Up to so many files, one process is faster: starting a second costs as much as checking these."""

_BATCH: Final = 40
_NO_DIGEST: Final = ""
_TREE: Final = "tree:"
"""Begins the name of a folder among what a file depends on: all Python files in it."""


class LintRun(Value):
    """What was found, and in how much."""

    findings: tuple[Finding, ...]
    files: int
    lines: int  # of the files that were checked; those from the cache are not counted


class Linter:
    """Checks files with one set of options. `selection_of` must be a function of a module: processes get
    it.
    """

    def __init__(
        self,
        working_folder: Path,
        options: LintOptions,
        codes: tuple[str, ...],
        selection_of: Callable[[Path], Selection],
        *,
        history: Mapping[str, FileHistory] | None = None,
        cache_path: Path | None = None,
    ) -> None:
        is_for_cache = cache_path is not None
        self._arguments = (working_folder, options, codes, selection_of, history or {}, is_for_cache)
        self._cache_path = cache_path
        self._digests: dict[str, str] = {}

    def run(
        self, paths: Iterable[str], *, processes: int = 1, progress: Callable[[int], None] | None = None
    ) -> LintRun:
        """The findings in the files at the absolute `paths`. `progress` is told of each batch's files."""
        was_collecting = gc.isenabled()
        gc.disable()  # looking for cycles in syntax trees, which have none, took a third of the time
        try:
            return self._run(paths, processes, progress)
        finally:
            if was_collecting:
                gc.enable()

    def _run(self, paths: Iterable[str], processes: int, progress: Callable[[int], None] | None) -> LintRun:
        working_folder, options, codes, *_ = self._arguments
        cache = Cache(self._cache_path, options, codes, working_folder)
        findings: list[Finding] = []
        waiting: list[str] = []
        files = 0
        for path in paths:
            files += 1
            known = cache.find(path, self._digest)
            if known is None:
                waiting.append(path)
            else:
                findings += known
        lines = 0
        for checked in self._check(waiting, processes):
            for path, digest, depends, found, count in checked:
                lines += count
                findings += found
                if self._cache_path and digest:
                    cache.keep(path, digest, depends, found)
            if progress is not None:
                progress(len(checked))
        cache.write()
        findings.sort(key=lambda each: (each.file, each.line, each.col, each.code))
        return LintRun(tuple(findings), files, lines)

    def _check(self, paths: list[str], processes: int) -> Iterator[list["_Checked"]]:
        batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
        if processes < 2 or len(paths) <= _FEW:
            checker = FileChecker(*self._arguments)
            for batch in batches:
                yield [_check_one(checker, path) for path in batch]
            return
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        with context.Pool(min(processes, len(batches)), _begin, self._arguments) as pool:
            yield from pool.imap_unordered(_check_batch, batches)

    def _digest(self, path: str) -> str:
        known = self._digests.get(path)
        if known is None and path.startswith(_TREE):
            known = self._digests[path] = stamp_of(path.removeprefix(_TREE))
        elif known is None:
            content = read(path)
            known = self._digests[path] = _NO_DIGEST if isinstance(content, Broken) else digest_of(content)
        return known


_Checked = tuple[str, str, dict[str, str], list[Finding], int]
_checker: FileChecker | None = None


def _begin(*arguments: object) -> None:
    """Make this process's checker, once."""
    global _checker
    gc.disable()
    _checker = FileChecker(*arguments)  # type: ignore[arg-type]


def _check_batch(paths: list[str]) -> list[_Checked]:
    assert _checker is not None
    return [_check_one(_checker, path) for path in paths]


def _check_one(checker: FileChecker, path: str) -> _Checked:
    content = read(path)
    checker.project.forget_reads()
    found = checker.check(path, content)
    if isinstance(content, Broken):
        return path, _NO_DIGEST, {}, found, 0
    if not checker.is_for_cache:
        return path, _NO_DIGEST, {}, found, content.count(b"\n")
    depends = checker.project.reads()
    depends.pop(path, None)
    for tree in checker.trees:
        stamp = checker.stamps.get(tree) or stamp_of(tree)
        depends[_TREE + tree] = checker.stamps[tree] = stamp
    return path, digest_of(content), depends, found, content.count(b"\n")


def usable_processors() -> int:
    """How many processes may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
