"""Writing the edits of lint into files, each whole or not at all."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from lapwing.lint.fixes import fixed
from lapwing.lint.source import Broken, parse, read
from lapwing.model.finding import Finding
from lapwing.store.atomic_file import replace_file


def fix_files(findings: Iterable[Finding], working_folder: Path, *, is_unsafe: bool = False) -> list[Finding]:
    """Mend what can be mended safely; the findings that are. Files that are not UTF-8 are left as they are.

    With `is_unsafe` sleeps become a clock of the test's own where only a run can tell that it holds. Raises
    StoreError for a file that cannot be written.
    """
    mended: list[Finding] = []
    for file, group in groupby(findings, key=lambda each: each.file):
        path = working_folder / file
        content = read(str(path))
        if isinstance(content, Broken):
            continue
        try:
            text = content.decode()
        except UnicodeDecodeError:
            continue
        end = "\r\n" if "\r\n" in text else "\n"
        plain = text.replace("\r\n", "\n")
        if "\r" in plain or isinstance(parse(plain), Broken):
            continue
        is_alone = not any((folder / "conftest.py").exists() for folder in path.absolute().parents)
        written, done = fixed(plain.removeprefix("\ufeff"), group, is_alone=is_alone, is_unsafe=is_unsafe)
        if not done or isinstance(parse(written), Broken):
            continue
        mark = "\ufeff" if plain.startswith("\ufeff") else ""
        replace_file(path, [mark + written.replace("\n", end)], encoding="utf-8")
        mended += done
    return mended
