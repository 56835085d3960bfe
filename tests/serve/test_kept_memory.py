"""What a process has freed is at hand when it is wanted again."""

import platform
import subprocess
import sys

import pytest

_FAULTS_OF_LARGE_TEXTS = """
import resource, sys
from lapwing.serve.kept_memory import keep_memory
if sys.argv[1] == "kept":
    keep_memory()

def large_answer():
    return b"".join(b"x" * 8_000_000 for _ in range(3))

large_answer()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    large_answer()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    """Pages that five large answers after a first one are handed out anew, with memory kept or not."""
    return int(subprocess.check_output([sys.executable, "-c", _FAULTS_OF_LARGE_TEXTS, how]))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library is told nothing")
def test_a_large_answer_is_made_of_memory_that_was_freed_before() -> None:
    assert faults("kept") * 10 < faults("given back")
