"""Where a command's words go: pages and JSON to standard output, the rest aside.

On a terminal a page is drawn with rich; into a pipe, with NO_COLOR or TERM=dumb it is plain.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from lapwing.errors import LapwingError, UnreadableFileError
from lapwing.report.harmless import harmless
from lapwing.report.page import Page

STANDARD_OUTPUT = "-"


class Output:
    """The two streams of a command."""

    def __init__(self, out: TextIO, aside: TextIO, *, environ: Mapping[str, str]) -> None:
        self._out = out
        self._aside = aside
        self._environ = environ
        self._is_unread = False  # whether the reader (head, less) has gone
        self._shows_progress = False

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks on as it is written."""
        return self._out.isatty() and self._environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns to fill: of the terminal, or 100 in a pipe."""
        return shutil.get_terminal_size((100, 24)).columns if self.is_terminal else 100

    def page(self, page: Page) -> None:
        """Show a page."""
        if self.is_terminal and not self._environ.get("NO_COLOR"):
            from lapwing.report.render.terminal import render_terminal

            self.text(render_terminal(page, self.width))
        else:
            from lapwing.report.render.plain import render_plain

            self.text(render_plain(page, self.width))

    def json(self, value: Any) -> None:
        """Print a document of one of the stable formats. ASCII only: safe in any locale."""
        self.text(json.dumps(value, indent=1) + "\n")

    def text(self, text: str) -> None:
        """Print text that is ready; characters that the stream cannot write become `?`."""
        self.end_progress()
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        written = text.encode(encoding, "replace").decode(encoding)
        self._hand_over(lambda: self._out.write(written))

    def say(self, line: str) -> None:
        """Print one line; names in it are made harmless."""
        self.text(harmless(line) + "\n")

    def say_aside(self, line: str) -> None:
        """Tell something besides the answer."""
        self.end_progress()
        encoding = getattr(self._aside, "encoding", None) or "utf-8"
        text = f"lapwing: {harmless(line)}\n"
        with suppress(OSError):  # there is no other place to say it
            self._aside.write(text.encode(encoding, "replace").decode(encoding))

    def replace_aside(self, line: str) -> bool:
        """Put `line` in the place of the last one put so, on a terminal only; whether that was done."""
        if not self._aside.isatty() or self._environ.get("TERM") == "dumb":
            return False
        with suppress(OSError):
            self._aside.write(f"\r\x1b[K{harmless(line)}")
            self._aside.flush()
        return True

    def warn(self, fault: LapwingError) -> None:
        """Tell what is wrong and does not keep the command from going on."""
        for line in f"warning: {fault}".splitlines():
            self.say_aside(line)

    def progress(self, line: str) -> None:
        """Show what is being done, on a terminal only; each line takes the place of the one before."""
        if self._aside.isatty() and self._environ.get("TERM") != "dumb":
            width = shutil.get_terminal_size((80, 24)).columns - 1
            self._aside.write(f"\r\x1b[K{harmless(line)[:width]}")
            self._aside.flush()
            self._shows_progress = True

    def end_progress(self) -> None:
        """Take the line of progress away."""
        if self._shows_progress:
            self._aside.write("\r\x1b[K")
            self._aside.flush()
            self._shows_progress = False

    def error(self, error: LapwingError) -> None:
        """Tell what went wrong, where, and how to mend it."""
        for line in str(error).splitlines():
            self.say_aside(line)

    def flush(self) -> None:
        """Hand everything to the reader. Raises UnreadableFileError where it cannot be written."""
        self._hand_over(self._out.flush)

    def _hand_over(self, write: Callable[[], object]) -> None:
        """Write for a reader. One that has gone is nobody's fault: the command ends as it would."""
        if self._is_unread:
            return
        try:
            write()
        except BrokenPipeError:
            self._is_unread = True
            _forget(self._out)
        except OSError as error:
            self._is_unread = True
            _forget(self._out)
            raise UnreadableFileError(
                f"cannot be written: {error.strerror}", where="standard output", mend="Free some space."
            ) from error

    def append(self, text: str, target: str) -> None:
        """Add `text` to the end of the file `target`. Raises UnreadableFileError where it cannot be."""
        try:
            with Path(target).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError as error:
            raise UnreadableFileError(
                f"cannot be written: {error.strerror}", where=target, mend="Name another file with --output."
            ) from error

    def write_or_say(self, text: str, target: str | None) -> None:
        """Write `text` to the file `target`, or to standard output for None and `-`.

        Raises UnreadableFileError where the file cannot be written.
        """
        if target is None or target == STANDARD_OUTPUT:
            self.text(text)
            return
        try:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            Path(target).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise UnreadableFileError(
                f"cannot be written: {error.strerror}", where=target, mend="Name another file with --output."
            ) from error
        self.say_aside(f"wrote {target}")


def _forget(stream: TextIO) -> None:
    """Let what is still in the buffer of `stream` go nowhere: at exit it would fail once more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def confirms(question: str) -> bool:
    """Ask a person yes or no on the terminal; no terminal, or the end of its input, answers no."""
    if not os.isatty(0):
        return False
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False
