"""What is done after a fork outlives all modules, and so must not hold any of them."""

import subprocess
import sys

SCRIPT = """
import os, sys
kept = []
os.register_at_fork = lambda **what: kept.extend(what.values())
from pathlib import Path
from lapwing.record.process import ProcessRecording
folder = Path(sys.argv[1])
(folder / "lock").touch()
recording = ProcessRecording(folder, "run", "main", startup_ns=0, probes=())
recording.give_up()
(ours,) = [each for each in kept if each.__code__.co_filename.endswith("process.py")]
print(sorted(name for name in ours.__globals__ if name != "__builtins__"))
"""


def test_after_a_fork_only_the_recordings_are_in_reach(tmp_path):
    # lapwing: allow LW103 a process that ends
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout == "['_recordings']\n"
