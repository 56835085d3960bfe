"""Lint: which files, with which options, against which baseline and changes."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from lapwing.config.globs import fits_any
from lapwing.config.root import prepare_home
from lapwing.environment.pytest_config import find_pytest_config
from lapwing.environment.tox_commands import tox_options
from lapwing.errors import ConfigurationError, ProjectError, StoreError
from lapwing.lint.baseline import baseline_text, read_baseline
from lapwing.lint.described_marks import described_as_slow
from lapwing.lint.discover import find_files
from lapwing.lint.fingerprints import with_fingerprints
from lapwing.lint.lint_paths import Linter, usable_processors
from lapwing.lint.registry import NAMES, chosen_codes, names_code
from lapwing.lint.selection import Selection, selection_of
from lapwing.model.finding import Finding
from lapwing.model.lint_options import LintOptions
from lapwing.model.test_history import FileHistory
from lapwing.model.value import Value

CACHE_NAME: Final = "lint_cache.json"
FEWEST_TO_CACHE: Final = 20
"""Fewer files are checked sooner than the cache of a project is read."""


class LintOutcome(Value):
    """What lint answers."""

    findings: tuple[Finding, ...]  # by file and line
    files: int  # looked at
    lines: int  # of the files that were not taken from the cache
    known: int = 0  # findings that the baseline lets through

    @property
    def fails(self) -> bool:
        """Whether anything has to be mended."""
        return any(each.gate for each in self.findings)


def lint_files(
    paths: Sequence[str],
    options: LintOptions,
    *,
    working_folder: Path,
    cache_root: Path | None = None,
    base: str | None = None,
    history: Mapping[str, FileHistory] | None = None,
    progress: Callable[[int], None] | None = None,
) -> LintOutcome:
    """The findings in `paths`, files or folders, seen from `working_folder`.

    `cache_root` is the project whose `.lapwing/` keeps the cache; None uses none. With `base` only those on
    lines that differ from that revision. Raises ProjectError for a path that is not there and a revision
    that git does not know, ConfigurationError for a rule that there is not.
    """
    for words in (options.select, options.ignore, *options.per_file.values()):
        _refuse_unknown(words)
    codes = chosen_codes(options.select, options.ignore)
    files = [*dict.fromkeys(_files(paths, working_folder))]
    changes = _changes(working_folder, base) if base else None
    if changes is not None:
        files = [file for file in files if _relative(file, working_folder) in changes]
    linter = Linter(
        working_folder,
        options,
        codes,
        read_selection,
        history=history,
        cache_path=_cache_path(cache_root, len(files)),
    )
    ran = linter.run(files, processes=usable_processors(), progress=progress)
    found = [each for each in with_fingerprints(ran.findings) if not _is_ignored(each, options)]
    if changes is not None:
        found = [each for each in found if _is_changed(each, changes)]
    if history:
        from lapwing.lint.ranking import ranked

        found = [*ranked(found, history)]
    return LintOutcome(tuple(found), ran.files, ran.lines)


def without_known(outcome: LintOutcome, baseline: Path) -> LintOutcome | None:
    """The outcome without what the baseline file lets through; None where there is no such file."""
    known = read_baseline(baseline)
    if known is None:
        return None
    left = tuple(each for each in outcome.findings if each.fingerprint not in known)
    return outcome._replace(findings=left, known=len(outcome.findings) - len(left))


def new_baseline(outcome: LintOutcome) -> str:
    """The text of a baseline that lets all present failures through."""
    return baseline_text(each for each in outcome.findings if each.gate)


def read_selection(top: Path) -> Selection:
    """What pytest's configuration of the project at `top`, or the way in which its tox calls pytest, leaves
    out of a usual run.
    """
    config = find_pytest_config(top)
    by_tox = selection_of(tox_options(top), ())
    is_any_there = any(_is_there(top, each) for each in config.test_paths)
    test_paths = config.test_paths if is_any_there else ()  # without one, pytest collects all folders
    selection = selection_of(config.options, config.left_folders, test_paths)
    return selection._replace(
        marks=(*selection.marks, *by_tox.marks, *described_as_slow(config.marks)),
        words=(*selection.words, *by_tox.words),
        is_configured=bool(config.place),
    )


def _is_there(top: Path, pattern: str) -> bool:
    """Whether there is what a pattern of `testpaths` means; yes where it would take long to tell."""
    if "**" in pattern or Path(pattern).is_absolute():
        return True
    if not {*"*?["} & {*pattern}:
        return Path(top, pattern).exists()
    with suppress(ValueError, OSError):  # a pattern that means nothing
        return next(top.glob(pattern), None) is not None
    return False


def _cache_path(root: Path | None, files: int) -> Path | None:
    if root is None or files < FEWEST_TO_CACHE:
        return None
    with suppress(StoreError):
        return prepare_home(root) / CACHE_NAME
    return None


def _files(paths: Sequence[str], working_folder: Path) -> list[str]:
    found: list[str] = []
    for each in paths:
        path = working_folder / each
        if path.is_dir():
            folder = Path(path.resolve() if path.is_symlink() else path.absolute())
            config = find_pytest_config(folder)
            found += find_files(_normal(folder), [_normal(folder / each) for each in config.test_paths])
        elif path.exists():
            found.append(_normal(path))
        else:
            raise ProjectError(
                "there is no such file or folder", where=each, mend="Name files or folders with tests."
            )
    return found


def _normal(path: Path) -> str:
    return os.path.normpath(path)


def _changes(working_folder: Path, base: str) -> "dict[str, frozenset[int] | None]":
    from lapwing.environment.git_changes import changed_lines

    changes = changed_lines(working_folder, base)
    if changes is None:
        raise ProjectError(
            f"git does not tell what differs from {base!r}",
            where="--diff",
            mend="Name a branch, tag or commit of this repository, such as origin/main.",
        )
    return dict(changes)


def _relative(file: str, working_folder: Path) -> str:
    try:
        return Path(file).relative_to(working_folder).as_posix()
    except ValueError:
        return file


def _is_changed(finding: Finding, changes: "dict[str, frozenset[int] | None]") -> bool:
    lines = changes.get(finding.file)
    return lines is None or finding.line in lines


def _is_ignored(finding: Finding, options: LintOptions) -> bool:
    return any(
        names_code(codes, finding.code) and fits_any(finding.file, (glob,))
        for glob, codes in options.per_file.items()
    )


def _refuse_unknown(words: Sequence[str]) -> None:
    for word in words:
        if not any(names_code((word,), code) for code in NAMES):
            raise ConfigurationError(
                f"there is no rule {word!r}",
                where="lint",
                mend=f"Rules are: {', '.join(f'{code} {name}' for code, name in NAMES.items())}.",
            )
