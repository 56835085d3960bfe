"""Who looks after the tests of this checkout? Its CODEOWNERS file tells."""

from pathlib import Path
from typing import Final

from lapwing.model.owners import Owners, parse_owners

_PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_MOST_BYTES: Final = 3_000_000  # GitHub reads no larger one


def read_owners(root: Path) -> Owners:
    """The rules of the first CODEOWNERS file there is below `root`; none where none can be read."""
    for place in _PLACES:
        try:
            with (root / place).open(encoding="utf-8", errors="replace") as file:
                return parse_owners(file.read(_MOST_BYTES).splitlines())
        except OSError:
            continue
    return Owners()
