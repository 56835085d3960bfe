"""How many JUnit samples each reader reads whole: `python benchmarks/read_samples.py [FOLDER ...]`.

Looks at the reports below tests/foreign and the folders named. A file is read whole where a reader finds as
many cases as the file has start tags of cases outside of comments and CDATA. Files that declare entities
are left out: whoever reads them is wrong. junitparser and lxml are asked where they are installed.
"""

import gzip
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect
from lapwing.ingest.plain_tests import each_test
from lapwing.ingest.readers.junit import JUnitReader
from lapwing.model.read_test import ReadTest

FOREIGN: Final = Path(__file__).resolve().parent.parent / "tests" / "foreign"
NOT_CASES: Final = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
CASE: Final = re.compile(rb"<(?:\w+:)?testcase(?:\s[^<>]*|/)?>")


def by_lapwing(data: bytes) -> int:
    """Cases that our reader yields."""
    content = Content(io.BytesIO(data))
    reader = detect(content.head)
    if reader is None:
        return 0
    items = each_test(reader.read(content, "sample"))
    return sum(isinstance(item, ReadTest) for item in items)


def by_junitparser(data: bytes) -> int:
    """Cases that junitparser lists, in nested suites, too."""
    import junitparser

    def count(suite: junitparser.TestSuite) -> int:
        return sum(1 for _ in suite) + sum(count(inner) for inner in suite.testsuites())

    document = junitparser.JUnitXml.fromstring(data)
    suites = [document] if isinstance(document, junitparser.TestSuite) else list(document)
    return sum(count(suite) for suite in suites)


def by_lxml(data: bytes) -> int:
    """Cases in the tree that lxml makes of what it can read."""
    from lxml import etree

    root = etree.fromstring(data, etree.XMLParser(recover=True, huge_tree=True))
    return 0 if root is None else sum(1 for _ in root.iter("{*}testcase"))


READERS: Final[dict[str, Callable[[bytes], int]]] = {
    "Lapwing": by_lapwing,
    "lxml with recovery": by_lxml,
    "junitparser": by_junitparser,
}


def samples(folders: list[Path]) -> dict[Path, bytes]:
    """The JUnit files below `folders`, unpacked."""
    found = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        if JUnitReader().recognizes(Content(io.BytesIO(plain)).head) and b"<!ENTITY" not in plain:
            found[path] = plain
    return found


def main() -> int:
    """Print a table, and the files that Lapwing does not read whole."""
    files = samples([FOREIGN, *map(Path, sys.argv[1:])])
    print(f"| {len(files)} files | read whole | fewer or more cases | refused |\n| --- | --- | --- | --- |")
    missed = []
    for name, read in READERS.items():
        whole = other = refused = 0
        for path, data in files.items():
            wanted = len(CASE.findall(NOT_CASES.sub(b"", _as_ascii(data))))
            try:
                found = read(data)
            except ImportError:
                break
            except Exception:
                refused += 1
                continue
            whole += found == wanted
            other += found != wanted
            if name == "Lapwing" and found != wanted:
                missed.append(f"{path}: {found} of {wanted}")
        else:
            print(f"| {name} | {whole} | {other} | {refused} |")
    print("\n".join(missed))
    return 0


def _as_ascii(data: bytes) -> bytes:
    """`data` without the zeros of UTF-16, which is all that counting tags needs."""
    return data.replace(b"\0", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data


if __name__ == "__main__":
    sys.exit(main())
