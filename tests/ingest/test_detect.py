import pytest

from lapwing.ingest.detect import what_it_is
from lapwing.ingest.head import Head


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<coverage line-rate='1'/>", "a coverage report"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "an HTML page"),
        (b"<project xmlns='http://maven.apache.org/POM/4.0.0'/>", "a project description"),
        (b'{"name": "x", "dependencies": {}}', "JSON with the keys name, dependencies"),
        (b" \n", "empty"),
        (b"\x7fELF\0\0", "a binary file"),
        (b"hello", "text of no known format"),
    ],
)
def test_what_is_no_report_is_named(content, said):
    assert what_it_is(Head(content)).startswith(said)
