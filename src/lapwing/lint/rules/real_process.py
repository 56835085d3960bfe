"""A test that starts a real process.

## What it sees

`subprocess`, `os.system`, `os.popen`, `os.spawn…`, `os.fork`, `pty`, the subprocesses of asyncio, trio,
anyio, tornado and Twisted, `psutil.Popen`, `pexpect`, `invoke`, `delegator`, `sh`, `plumbum.cmd`,
`multiprocessing` and `ProcessPoolExecutor`, and pytest's own `runpytest_subprocess`, when nothing around them
replaces them; also behind `partial`, as a value of parametrize, and handed to a thread, an executor or
`raises`. Patching `subprocess.Popen` counts for `subprocess.run` and its kin too. A function of the project's
own package that is called `spawn`, `fork`, `popen`, `run_command`, `check_output` or the like and starts a
process counts where it is called, and so does a class that derives from one of processes, or that is called
like one and starts one. Programs in strings are looked at
as LW101 says.

## Why it costs time

A process costs from one millisecond (`true`) to a second (an interpreter with heavy imports), and the test
waits for it. It is also where tests hang.

## Bad

```python
def test_version():
    done = subprocess.run([sys.executable, "-m", "tool", "--version"], capture_output=True)
    assert done.stdout == b"1.0\\n"
```

## Better

```python
def test_version(capsys):
    main(["--version"])
    assert capsys.readouterr().out == "1.0\\n"
```

Keep one test, marked `integration`, that starts the real thing.

## Options

`slow_marks`, `slow_folders`.

Since 0.2.
"""

from collections.abc import Iterator

from lapwing.lint.calls import Kind
from lapwing.lint.view import Seen, View, of_site
from lapwing.model.finding import Confidence

CODE = "LW103"
NAME = "real-process"
ADVICE = "Call the code in this process, or mark the test as integration."


def check(view: View) -> Iterator[Seen]:
    """Calls that start a process."""
    for site in view.sites:
        if site.operation.kind is Kind.PROCESS:
            yield of_site(site, "subprocess", Confidence.HIGH, True, f"{site.call} starts a real process")
