"""What the files of a project say of the oldest version of a package that its tests run with. Pure."""

import re
from collections.abc import Iterable
from typing import Final

REQUIRING_FILES: Final = (
    *("requirements.txt", "requirements-dev.txt", "requirements-test.txt", "test-requirements.txt"),
    *("dev-requirements.txt", "setup.py", "setup.cfg", "pyproject.toml"),
)

Version = tuple[int, ...]


def oldest_required(package: str, texts: Iterable[str]) -> Version | None:
    """The oldest of the versions at which, or from which on, `texts` ask for `package`; None where they do
    not.
    """
    name = re.escape(package).replace("_", "[-_.]")
    asked = re.compile(
        rf"(?im)(?:^|['\"\s]){name}(?: {{0,2}}\[[\w, -]{{0,60}}\])? {{0,4}}\(?"
        r"(?:==|>=|~=) {0,4}(\d[\d.]{0,30})"
    )
    return min((as_version(each) for text in texts for each in asked.findall(text)), default=None)


def as_version(written: str) -> Version:
    """The numbers that a version begins with, without zeros at its end."""
    numbers = [int(each) for each in re.findall(r"\d+", written)[:4]]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
