import re
from pathlib import Path

from lapwing.ingest.known_readers import readers

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "report-formats.md"


def test_every_format_has_a_row_in_the_documentation():
    rows = re.findall(r"^\| ([^|]+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(set(rows) - {"format", "---"}) == sorted(reader.name for reader in readers())
