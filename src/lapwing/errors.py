"""The error tree: what went wrong, where, how to mend it.

LapwingError
├── ConfigurationError     a setting is wrong: mend the file, flag or variable that is named
├── NoDataError            there is nothing to answer from: record a run first
├── AmbiguousRunError      a name fits several runs: choose one of those listed
├── UnreadableFileError    a file cannot be read: see to its rights, or to the version that wrote it
│   ├── BrokenFileError    what is in it is broken or of another shape: restore or remove it
│   └── TooLargeError      it would take more memory than we give it: send less at once
├── StoreError             the store cannot be opened, read or written
│   ├── StoreLockedError   another process holds it: wait and try again
│   └── StoreAwayError     its server is not there, or has ended the connection: opened anew it may be
├── RemoteError            a server does not do what it is asked for: see to the token, or try later
├── LoadError              a load test could not be played as planned: see to its workers or its locustfile
├── ProjectError           the project is not as the command needs it (no tests, no git)
├── MissingToolError       a program of the system is not installed: the install line is given
└── MissingExtraError      an optional library is not installed: the install line is given

Every error carries its text in three fields and a slug that names its entry in the
troubleshooting page. The exit code belongs to the error: 2, "could not do it".
"""

from typing import ClassVar, Final

EXIT_OK: Final = 0
EXIT_FOUND: Final = 1
EXIT_FAILED: Final = 2


class LapwingError(Exception):
    """Base of all errors that a user can do something about.

    `what` says what went wrong, `where` the file, flag or place, `mend` what to do.
    """

    slug: ClassVar[str] = "error"
    exit_code: ClassVar[int] = EXIT_FAILED

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  {self.mend}" if self.mend else text


class ConfigurationError(LapwingError):
    """A setting has a wrong name or value."""

    slug = "configuration"


class NoDataError(LapwingError):
    """No recorded run answers the question."""

    slug = "no-data"


class AmbiguousRunError(LapwingError):
    """A name of a run fits more than one."""

    slug = "ambiguous-run"


class UnreadableFileError(LapwingError):
    """A file that Lapwing reads or writes cannot be, or was written by a newer version."""

    slug = "unreadable-file"


class BrokenFileError(UnreadableFileError):
    """What is in a file is broken or has another shape. `kept_as` names the copy beside it, if any."""

    slug = "broken-file"

    def __init__(self, what: str, *, where: str = "", mend: str = "", kept_as: str = "") -> None:
        kept = f"The broken file is kept as {kept_as}. " if kept_as else ""
        super().__init__(what, where=where, mend=kept + mend)
        self.kept_as = kept_as


class TooLargeError(UnreadableFileError):
    """What somebody sent would take more memory than one sender is given."""

    slug = "too-large"


class StoreError(LapwingError):
    """The store cannot be opened, read or written."""

    slug = "store"


class StoreLockedError(StoreError):
    """Another process holds the store for longer than we wait."""

    slug = "store-locked"


class StoreAwayError(StoreError):
    """The server of the store cannot be reached, or has ended the connection."""

    slug = "store-away"


class RemoteError(LapwingError):
    """A server or an agent on the way there does not do what it is asked for."""

    slug = "remote"


class LoadError(LapwingError):
    """A load test could not be played to its end as planned: its figures would not be those of the plan.

    `figures` are those of the step that was broken off, where there are any; `result` what was measured
    until then.
    """

    slug = "load"

    def __init__(self, what: str, *, where: str = "", mend: str = "", figures: object = None) -> None:
        super().__init__(what, where=where, mend=mend)
        self.figures = figures
        self.result: object = None


class ProjectError(LapwingError):
    """The project lacks what the command needs."""

    slug = "project"


class MissingToolError(LapwingError):
    """A program of the system is needed and not installed."""

    slug = "missing-tool"


class MissingExtraError(LapwingError):
    """An optional library is needed and not installed."""

    slug = "missing-extra"

    def __init__(self, library: str, *, extra: str, need: str) -> None:
        super().__init__(
            f"{need} needs {library}, which is not installed",
            mend=f"Install it with: pip install 'lapwing[{extra}]'",
        )
