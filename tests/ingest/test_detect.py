import pytest

from lapwing.ingest.detect import what_it_is
from lapwing.ingest.head import Head


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<coverage line-rate='1'/>", "a coverage report"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "an HTML page"),
        (b"<project xmlns='http://maven.apache.org/POM/4.0.0'/>", "a project description"),
        (b'{"name": "x", "dependencies": {}}', "a package description"),
        (b'{"meta": {}, "files": {}, "totals": {}}', "a coverage report"),
        (
            b'{"/a.js": {"path": "/a.js", "statementMap": {}, "fnMap": {}, "branchMap": {}}}',
            "a coverage report",
        ),
        (b'{"message": "Not Found", "documentation_url": "x"}', "the answer of a server"),
        (b'{"sampling_mode": "Linear", "iters": [1], "times": [1]}', "a part of criterion's results"),
        (b'{"a": 1, "b": 2}', "JSON with the keys a, b"),
        (b"=== RUN   TestX\n--- PASS: TestX (0.00s)\n", "go test's text output; go test -json"),
        (b"running 1 test\ntest tests::x ... ok\n\0", "cargo test's text output"),
        (b"==== test session starts ====\n", "pytest's text output; --junit-xml=FILE"),
        (b"2026-11-20 18:31:29 INFO started\n", "a log"),
        (b" \n", "empty"),
        (b"\x7fELF\0\0", "a binary file"),
        (b"hello", "text of no known format"),
    ],
)
def test_what_is_no_report_is_named(content, said):
    assert what_it_is(Head(content)).startswith(said)
