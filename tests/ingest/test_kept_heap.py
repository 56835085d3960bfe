"""Memory that is not given back between two reports."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
from lapwing.ingest.kept_heap import keep_heap

{call}
held = []
for _ in range(100):
    pieces = [b"x" * 150_000 for _ in range(4)]
    del pieces
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def faults(call: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", FAULTS.format(call=call)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.integration
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back so readily")
def test_pages_are_not_mapped_anew_for_each_piece():
    assert faults("keep_heap()") < faults("") - 5_000
