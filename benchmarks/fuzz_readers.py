"""Feed every reader damaged reports, and tell which inputs end in anything but tests and problems.

    python benchmarks/fuzz_readers.py                          1,000 inputs per reader
    python benchmarks/fuzz_readers.py --inputs 100000 jest     readers whose name holds "jest"

Each input is a real report of the reader's format (below tests/foreign, and a few lines for formats
that have none there), damaged in one of two ways: bytes are flipped, cut, doubled and exchanged, or a
value of its JSON is replaced by an odd one. Inputs follow from the seed. Exit code 1 where one fails.
"""

import argparse
import io
import json
import random
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lapwing.ingest.content import Content
from lapwing.ingest.detect import detect, what_it_is
from lapwing.ingest.head import Head
from lapwing.ingest.known_readers import readers
from lapwing.ingest.plain_tests import each_test
from lapwing.ingest.reader import Problem, Reader, ReportFacts
from lapwing.model.read_test import ReadTest

FOREIGN: Final = Path(__file__).resolve().parent.parent / "tests" / "foreign"
LONGEST_SEED: Final = 6_000  # bytes: what lies behind adds time and no new shapes
SEEDS_PER_READER: Final = 8
MADE: Final = (
    b'{"id":{"testResult":{"label":"//p:t","run":1,"shard":1,"attempt":1}},"testResult":{"status":"PASSED",'
    b'"testAttemptDurationMillis":"25","cachedLocally":true,"testAttemptStartMillisEpoch":"1621838715713"}}\n'
    b'{"id":{"testSummary":{"label":"//p:t"}},"testSummary":{"overallStatus":"FLAKY"}}\n',
    b'{"protocolVersion":"0.1.1","type":"start","time":0}\n{"suite":{"id":0,"path":"a"},"type":"suite"}\n'
    b'{"group":{"id":2,"name":"g"},"type":"group"}\n{"test":{"id":5,"name":"g a","suiteID":0,"groupIDs":[2],'
    b'"line":8},"type":"testStart","time":10}\n{"testID":5,"result":"success","type":"testDone","time":35}\n',
    b'{"mean":{"point_estimate":12.5},"median_abs_dev":{"point_estimate":1},"slope":{"point_estimate":3}}',
    b'{"reason":"benchmark-complete","id":"a","iteration_count":[2,4],"measured_values":[20.0,48.0],'
    b'"unit":"ns","typical":{"estimate":11.5,"unit":"ns"}}\n',
    b'[{"job_name":"map","input_name":"big","run_time_data":{"statistics":{"average":2.0},"samples":[1,3]}}]',
    b'{"run_times":{"map":[1,3]},"statistics":{"map":{"average":2.0}}}',
    b'{"tests":[{"name":"a","execution_time":1.5,"status":"pass","markers":["x"],"file":"f","line":3}]}',
    b'{"lapwing_run":"u","tests":[{"nodeid":"a.py::t[1]","duration":1.5,"setup":0.5,"status":"passed",'
    b'"markers":["slow"],"timestamp":"2026-11-20T18:31:29+00:00"}],"benchmarks":[{"name":"b","nodeid":"c",'
    b'"source":"lapwing","unit":"ns","samples":[1.0],"metadata":{"k":"v"}}]}',
    b'{"baseline_date":"2026-11-20","tests":{"a.py::t":{"duration":1.5,"threshold":2}}}',
)
ODD_VALUES: Final = (
    None,
    True,
    0,
    -1,
    10**30,
    -(10**30),
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x" * 300,
    "\ud800",
    "\x1b[31m::error::<b>`|\x00",
    "..",
    "1..999999999",
    "9" * 30,
    [],
    {},
    [[]],
    [None, 1, "a", {}],
    {"": {"": []}},
    [1, [2, [3, [4]]]],
)
ATTRIBUTE: Final = re.compile(rb"([A-Za-z_:][\w:.\-]*)=\"[^\"<]*\"")
ODD_ATTRIBUTES: Final = (
    b"",
    b" ",
    b"-1",
    b"-0.0",
    b"NaN",
    b"1e400",
    b"1,250",
    b"0,160",
    b"1.234.567,8",
    b"99:99:99",
    b"-00:00:01",
    b"00:00:00.123456789012345",
    b"9" * 400,
    b"9999-12-31T23:59:59-23:59",
    b"0001-01-01T00:00:00+14:00",
    b"20240231 99:99:99.999",
    b"&#x9b;31m&#x202e;&#xFFFD;",
    b"::error::&lt;b&gt;`|",
    b"\xff\xfe\x00",
    b"a/b/c" * 50,
    b"skipped",
    b"true",
)
ODD_BYTES: Final = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xb3\x29\x01",
    b"\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b"\\u12",
    b"<![CDATA[",
    b"]]>",
    b"&#x0;",
    b"&#55357;",
    b"&",
    b"<",
    b"</",
    b"<!--",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<testcase name='a' time='1,250'>",
    b"</testsuite>",
    b"<!DOCTYPE a SYSTEM 'b'>",
    b"<!ENTITY a 'b'>",
    b"1e999",
    b"-Infinity",
    b"not ok 1 - a {\n",
    b"    ",
    b"...\n",
    b"---\n",
)


def seeds() -> dict[str, list[bytes]]:
    """Reports by the name of their reader, from the shortest to the longest of them."""
    found: dict[str, list[bytes]] = {reader.name: [] for reader in readers()}
    files = sorted(path for path in FOREIGN.rglob("*") if path.is_file() and path.name != "expected.json")
    for content in (*(path.read_bytes() for path in files), *MADE):
        reader = detect(Content(io.BytesIO(content)).head)
        if reader is not None:
            found[reader.name].append(shrunk(content))
    return {name: spread(sorted(contents, key=len)) for name, contents in found.items()}


def spread(contents: list[bytes]) -> list[bytes]:
    """So many of `contents` at even steps."""
    return contents[:: max(1, -(-len(contents) // SEEDS_PER_READER))]


def shrunk(content: bytes) -> bytes:
    """A short report of the same shape: the first elements of each array, or the first bytes."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content[:LONGEST_SEED]
    return json.dumps(_trimmed(document)).encode()[:LONGEST_SEED]


def _trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _trimmed(inner) for key, inner in list(value.items())[:40]}
    if isinstance(value, list):
        return [_trimmed(inner) for inner in value[:3]]
    return value[:80] if isinstance(value, str) else value


def with_odd_attribute(content: bytes, rng: random.Random) -> bytes | None:
    """`content` with the value of one attribute replaced or the attribute gone; None where it has none."""
    places = list(ATTRIBUTE.finditer(content))
    if not places:
        return None
    place = rng.choice(places)
    odd = b"" if rng.random() < 0.2 else place[1] + b'="' + rng.choice(ODD_ATTRIBUTES) + b'"'
    return content[: place.start()] + odd + content[place.end() :]


def damaged(content: bytes, rng: random.Random) -> bytes:
    """`content` with one value of its JSON, or with some of its bytes, made odd."""
    if rng.random() < 0.5:
        odd = with_odd_value(content, rng) or with_odd_attribute(content, rng)
        if odd is not None:
            return odd
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((1, 2, 8, 64, 500)))
        match rng.randrange(6):
            case 0:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * rng.choice((1, 2, 50))
            case 3:
                data[at:at] = rng.choice(ODD_BYTES) * rng.choice((1, 1, 1, 300))
            case 4:
                del data[at:]
            case 5:
                other = rng.randrange(len(data) + 1)
                data[at:end] = data[other : other + 20]
    return bytes(data)


def with_odd_value(content: bytes, rng: random.Random) -> bytes | None:
    """`content`, a JSON document or lines of them, with one value replaced; None where it is neither."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    for parts, chosen in (([content], 0), (lines, at)):
        try:
            document = json.loads(parts[chosen])
        except (ValueError, RecursionError):
            continue
        places = list(containers(document))
        if not places:
            continue
        holder, key = rng.choice(places)
        if isinstance(holder, dict) and rng.random() < 0.2:
            del holder[key]
        else:
            holder[key] = rng.choice(ODD_VALUES)
        return b"\n".join((*parts[:chosen], json.dumps(document).encode(), *parts[chosen + 1 :]))
    return None


def containers(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value inside of `value`, as its holder and key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from containers(inner)


def fault(reader: Reader, content: bytes) -> str:
    """What is wrong with how `reader` takes `content`; "" for nothing."""
    try:
        head = Head(content)
        detect(head)
        what_it_is(head)
        for item in each_test(reader.read(io.BytesIO(content), "fuzz")):
            if isinstance(item, Problem):
                if not item.text or "\n" in item.text or len(item.text) > 1_000:
                    return f"a problem without one line of text: {item.text[:80]!r}"
            elif isinstance(item, ReadTest):
                if broken := broken_promise(item):
                    return broken
            elif not isinstance(item, ReportFacts):
                return f"it yields {type(item).__name__}"
    except Exception as error:  # the very thing that is looked for
        return f"{type(error).__name__}: {error}"
    return ""


def broken_promise(test: ReadTest) -> str:
    """What of `test` no later room could hold; "" for nothing."""
    for name, ns in (("duration", test.duration_ns), ("call", test.call_ns), ("start", test.start_ns)):
        if ns is not None and not 0 <= ns < 2**63:
            return f"{name} of {ns} ns"
    texts = (
        test.name,
        test.classname,
        test.file,
        test.package,
        test.parameters,
        *test.suite_path,
        *test.tags,
    )
    for text in texts:
        try:
            text.encode()
        except (UnicodeEncodeError, AttributeError):
            return f"a text that cannot be written: {text!r:.80}"
    return ""


def main() -> int:
    """Run the damaged reports and print a line per reader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("readers", nargs="*", help="parts of the names of readers; all if none is given")
    parser.add_argument("--inputs", type=int, default=1_000, help="inputs per reader")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wanted = [part.lower() for part in arguments.readers] or [""]
    by_name = seeds()
    failed = 0
    print(f"{'reader':28} {'inputs':>8} {'faults':>7} {'cpu s':>8}")
    for reader in readers():
        contents = by_name[reader.name]
        if not any(part in reader.name.lower() for part in wanted):
            continue
        if not contents:
            print(f"{reader.name:28} has no report to begin with")
            failed += 1
            continue
        rng = random.Random(f"{arguments.seed} {reader.name}")
        began = time.process_time()
        faults: dict[str, bytes] = {}
        count = 0
        for _ in range(arguments.inputs):
            content = damaged(rng.choice(contents), rng)
            if said := fault(reader, content):
                count += 1
                faults.setdefault(said[:60], content)
        took = time.process_time() - began
        print(f"{reader.name:28} {arguments.inputs:>8} {count:>7} {took:>8.1f}", flush=True)
        for said, content in faults.items():
            print(f"    {said}\n        {content[:300]!r}")
        failed += count
    print(
        f"highest resident memory of all: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
