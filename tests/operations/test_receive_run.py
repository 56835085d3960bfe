"""What taking in a run costs its process, whoever sent it."""

import tracemalloc

import pytest

from lapwing.config.load import load_settings
from lapwing.errors import TooLargeError
from lapwing.operations.receive_run import receive_run
from lapwing.store.open_store import open_store

HEAD = b'{"format_version": 1, "run": {"run_id": "x"}, "tests": '


@pytest.mark.parametrize(
    "swollen", [b"[" + b"[]," * 6_000_000 + b"[]]", b'{"a":[0' + b",[0]" * 4_500_000 + b"]}"]
)
def test_a_document_of_millions_of_empty_values_is_refused_without_being_parsed(tmp_path, swollen):
    # Parsed it would take 400 MB.
    settings = load_settings(tmp_path, flags={}, environ={})
    with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
        body = HEAD + swollen + b"}"
        tracemalloc.start()
        try:
            with pytest.raises(TooLargeError, match="values"):
                receive_run(settings, store, body, project=None, most_bytes=256_000_000)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak_bytes < 20_000_000
