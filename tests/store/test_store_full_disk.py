"""A store on a disk of its own that is full: each process sees it so, and says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

PROGRAM = """
import sys
from pathlib import Path
from lapwing.errors import StoreError
from lapwing.model.run import RecordedRun, Run
from lapwing.store.open_store import open_store

path = Path(sys.argv[1]) / "store.sqlite"
with open_store(str(path), create=True) as store:
    store.write_run(RecordedRun(run=Run(run_id="run-1", started_at_ns=1, duration_ns=1)))
with open(path.parent / "ballast", "wb", buffering=0) as ballast:
    try:
        while ballast.write(bytes(1024)):
            pass
    except OSError:
        pass
try:
    open_store(str(path), create=False)
except StoreError as error:
    print(error.what)
(path.parent / "ballast").unlink()
with open_store(str(path), create=False) as store:
    print(*[digest.run.run_id for digest in store.runs()])
"""


def test_a_disk_without_room_for_the_files_beside_the_store_is_told_as_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"mount -t tmpfs -o size=1m lapwing '{disk}' && exec '{sys.executable}' -c \"$PROGRAM\" '{disk}'"
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script]
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"PROGRAM": PROGRAM},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("no disk of one's own can be had here: there is no unshare")
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("no disk of one's own can be had here: namespaces are forbidden")

    assert done.stdout.splitlines() == ["the disk is full", "run-1"]
