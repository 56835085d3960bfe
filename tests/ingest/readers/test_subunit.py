import struct
import zlib

from lapwing.ingest.readers.subunit_v1 import SubunitV1Reader
from lapwing.ingest.readers.subunit_v2 import SubunitV2Reader

SECOND = 1_795_200_077


def text(value):
    data = value.encode()
    return bytes([len(data)]) + data


def packet(test, status, *, seconds=None, tags=()):
    flags = 0x2000 | status | 0x0800 | (0x0200 if seconds is not None else 0) | (0x0080 if tags else 0)
    body = b"" if seconds is None else struct.pack(">I", SECOND + seconds) + b"\0"
    body += text(test)
    if tags:
        body += bytes([len(tags)]) + b"".join(map(text, tags))
    length = 1 + 2 + 1 + len(body) + 4
    data = b"\xb3" + struct.pack(">H", flags) + bytes([length]) + body
    return data + struct.pack(">I", zlib.crc32(data))


def test_the_time_between_start_and_end_is_the_duration(read_with):
    stream = packet("a", 2, seconds=1) + b"printed\n" + packet("a", 3, seconds=4, tags=("slow",))

    (test,) = read_with(SubunitV2Reader(), stream, chunk=5).tests

    assert (test.name, test.status.value, test.duration_ns) == ("a", "passed", 3_000_000_000)
    assert test.start_ns == (SECOND + 1) * 10**9
    assert test.tags == ("slow",)


def test_a_listed_test_that_did_not_begin_was_not_run(read_with):
    stream = packet("a", 1) + packet("b", 1) + packet("a", 3) + packet("c", 2, seconds=1)

    assert read_with(SubunitV2Reader(), stream).rows == [
        ("a", "passed", None),
        ("c", "unknown", None),
        ("b", "notrun", None),
    ]


def test_reading_goes_on_behind_a_damaged_packet(read_with):
    damaged = bytearray(packet("broken", 3))
    damaged[6] ^= 0xFF
    stream = packet("a", 3) + bytes(damaged) + packet("b", 3)

    reading = read_with(SubunitV2Reader(), stream)

    assert [test.name for test in reading.tests] == ["a", "b"]
    assert reading.problems[0].offset == len(packet("a", 3))


def test_lines_of_version_1_are_read_past_the_details_of_a_failure(read_with):
    reading = read_with(
        SubunitV1Reader(),
        "time: 2026-11-20 18:41:17.000000Z\n"
        "test: a\n"
        "time: 2026-11-20 18:41:17.250000Z\n"
        "failure: a [ multipart\n"
        "test: not a test\n"
        "]\n"
        "test: b\n"
        "time: 2026-11-20 18:41:18.250000Z\n"
        "success: b\n"
        "test: c\n",
    )

    assert reading.rows == [("a", "failed", 250.0), ("b", "passed", 1000.0), ("c", "unknown", None)]
