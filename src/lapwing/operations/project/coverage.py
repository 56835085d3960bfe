"""How much of the code do tests reach? Told from a coverage report that lies at the project's root."""

import json
import re
from pathlib import Path
from typing import Final

_XML: Final = "coverage.xml"  # of Cobertura's kind, as coverage.py, gcovr and others write it
_JSON: Final = "coverage.json"  # of coverage.py
_MOST_BYTES: Final = 50_000_000
_RATE: Final = re.compile(r"<coverage\b[^>]*?\sline-rate=[\"']([0-9.]{1,20})[\"']")


def read_coverage(root: Path) -> float | None:
    """Share of the lines that were run, from 0 to 1; None where no report tells. The newer one counts."""
    found = [(root / name, read) for name, read in ((_XML, _of_xml), (_JSON, _of_json))]
    dated = []
    for path, read in found:
        try:
            dated.append((path.stat().st_mtime_ns, path, read))
        except OSError:
            continue
    for _, path, read in sorted(dated, key=lambda each: -each[0]):
        share = read(path)
        if share is not None and 0 <= share <= 1:
            return share
    return None


def _of_xml(path: Path) -> float | None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            match = _RATE.search(file.read(10_000))
        return None if match is None else float(match[1])
    except (OSError, ValueError):
        return None


def _of_json(path: Path) -> float | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return float(json.loads(path.read_bytes())["totals"]["percent_covered"]) / 100
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
