"""One file before and after."""

from lapwing.model.value import Value


class FileEdit(Value):
    """A file that would be written. Text is as in the file: its line ends and byte order mark stay.

    Bytes that are no UTF-8 stand in it as lone surrogates.
    """

    path: str  # relative to the root, with `/`
    before: str | None  # None: there is no such file
    after: str
    is_executable: bool = False
