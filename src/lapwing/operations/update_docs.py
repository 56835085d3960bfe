"""Put the report into the performance page of the project, and touch nothing else of it."""

import pkgutil
import re
from pathlib import Path
from string import Template
from typing import Final

from lapwing.config.settings import Settings
from lapwing.errors import UnreadableFileError
from lapwing.model.report import Report
from lapwing.report.pages.report import report_page
from lapwing.report.render.markdown import render_markdown
from lapwing.store.atomic_file import replace_file
from lapwing.units import format_duration, format_share

BEGIN: Final = "<!-- lapwing:report:begin -->"
END: Final = "<!-- lapwing:report:end -->"

_NOTE: Final = "<!-- Made by `lapwing report --update-docs`: what stands between these lines is replaced. -->"
_HEADING_LEVEL: Final = 3


def update_docs(settings: Settings, path: Path, report: Report) -> str:
    """Rewrite the part between the markers of the page at `path`; says what was done.

    A missing page is made with the guide; one without markers gets the part at its end. Line
    ends are those of the page. Raises UnreadableFileError, and leaves the page as it is, where
    the markers are not one pair or the page is not UTF-8; StoreError where it cannot be written.
    """
    part = f"{BEGIN}\n{_NOTE}\n\n{render_markdown(report_page(report), level=_HEADING_LEVEL)}\n{END}"
    before = _read(path)
    if before is None:
        replace_file(path, [_guide(settings, part)], encoding="utf-8")
        return f"wrote {path}"
    after = with_part(before, part, where=str(path))
    if after == before:
        return f"{path} is up to date"
    replace_file(path, [after], encoding="utf-8")
    return f"renewed the report in {path}"


def with_part(page: str, part: str, *, where: str) -> str:
    """`page` with `part` (its markers included) in the place of the old one, or else at the end.

    Markers count only alone on a line. Raises UnreadableFileError that names `where`.
    """
    if "\r\n" in page:
        part = part.replace("\n", "\r\n")
    begins, ends = (_places(marker, page) for marker in (BEGIN, END))
    if not begins and not ends:
        newline = "\r\n" if "\r\n" in page else "\n"
        gap = "" if not page else newline if page.endswith("\n") else 2 * newline
        return f"{page}{gap}{part}{newline}"
    if len(begins) != 1 or len(ends) != 1 or ends[0][0] < begins[0][1]:
        raise UnreadableFileError(
            f"the markers of the report are not one pair: {len(begins)} begin, {len(ends)} end",
            where=where,
            mend=f"Keep one line {BEGIN} and after it one line {END}, or remove all of them.",
        )
    return page[: begins[0][0]] + part + page[ends[0][1] :]


def _places(marker: str, page: str) -> list[tuple[int, int]]:
    pattern = rf"^[ \t]*({re.escape(marker)})[ \t]*\r?$"
    return [match.span(1) for match in re.finditer(pattern, page, re.MULTILINE)]


def _guide(settings: Settings, part: str) -> str:
    """A new page: the guide with the project's own paths and limits, and the part in it."""
    text = (pkgutil.get_data("lapwing.report", "performance_guide.md") or b"").decode("utf-8")
    return Template(text).substitute(
        report=part,
        baseline_file=_shown(settings, settings.baseline_file),
        data_file=_shown(settings, settings.data_file) if settings.data_file else "(switched off)",
        results_dir=_shown(settings, settings.results_dir),
        slow=format_duration(settings.slow_test_ns),
        warning=f"+{format_share(settings.individual_test_threshold)}",
        critical=f"+{format_share(settings.critical_threshold)}",
        suite=f"+{format_share(settings.suite_threshold)}",
    )


def _shown(settings: Settings, path: Path) -> str:
    return path.relative_to(settings.root).as_posix() if path.is_relative_to(settings.root) else str(path)


def _read(path: Path) -> str | None:
    """The page with its own line ends; None where there is none."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            "the page is not UTF-8", where=str(path), mend="Save it as UTF-8."
        ) from error
    except OSError as error:
        raise UnreadableFileError(
            f"the page cannot be read ({error.strerror})", where=str(path), mend="Check its rights."
        ) from error
