import gzip
import io

from lapwing.ingest.content import Content


def test_gzip_is_told_by_content_and_members_follow_each_other():
    packed = gzip.compress(b"<a/>" * 100_000) + gzip.compress(b"<b/>") + b"\0" * 20

    content = Content(io.BytesIO(packed))

    assert content.head.root == "a"
    assert content.read() == b"<a/>" * 100_000 + b"<b/>"
    assert content.fault == ""


def test_gzip_that_ends_early_gives_what_it_has_and_says_so():
    packed = gzip.compress(bytes(range(256)) * 4000, compresslevel=0)

    content = Content(io.BytesIO(packed[:500_000]))
    data = content.read()

    assert data == (bytes(range(256)) * 4000)[: len(data)]
    assert len(data) > 400_000
    assert "ends in the middle" in content.fault


def test_broken_gzip_is_a_fault_and_no_exception():
    packed = bytearray(gzip.compress(bytes(range(256)) * 4000))
    packed[len(packed) // 2] ^= 0xFF

    content = Content(io.BytesIO(bytes(packed)))
    content.read()

    assert content.fault.startswith("the gzip data")


def test_plain_content_is_given_whole_in_pieces_of_any_size():
    data = bytes(range(256)) * 1000
    content = Content(io.BytesIO(data))

    pieces = iter(lambda: content.read(777), b"")

    assert b"".join(pieces) == data
