"""Old findings that are known and let through, in a file that is kept in git.

The file has one line per finding, sorted; what is gone from the code can be dropped by writing it anew.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lapwing.errors import UnreadableFileError
from lapwing.model.finding import Finding

FORMAT_VERSION: Final = 1


def read_baseline(path: Path) -> frozenset[str] | None:
    """The fingerprints in the file; None where there is no file. Raises UnreadableFileError."""
    try:
        stored = json.loads(path.read_bytes())
        if stored["format_version"] != FORMAT_VERSION:
            raise UnreadableFileError(
                f"this baseline has format {stored['format_version']!r}, known is {FORMAT_VERSION}",
                where=str(path),
                mend="Write it anew with this version: remove the file and run the same command.",
            )
        return frozenset(str(row["fingerprint"]) for row in stored["findings"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError(
            f"this is no baseline of lint: {error}",
            where=str(path),
            mend="Restore it from git, or remove it and run the same command to write it anew.",
        ) from error


def baseline_text(findings: Iterable[Finding]) -> str:
    """The file for these findings: stable under any order of them."""
    rows = sorted(
        json.dumps(
            {
                "file": each.file,
                "code": each.code,
                "function": each.function,
                "source": each.source.strip(),
                "fingerprint": each.fingerprint,
            }
        )
        for each in findings
    )
    inner = ",\n  ".join(rows)
    body = f"[\n  {inner}\n ]" if rows else "[]"
    return f'{{\n "format_version": {FORMAT_VERSION},\n "findings": {body}\n}}\n'
