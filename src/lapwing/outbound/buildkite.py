"""An annotation of a Buildkite build, through its agent; the context makes a later one replace it.

https://buildkite.com/docs/agent/cli/reference/annotate
"""

import subprocess
from typing import Final

from lapwing.errors import RemoteError

_AGENT: Final = "buildkite-agent"
_LIMIT_S: Final = 60


def annotate(body: str, *, style: str, context: str = "lapwing") -> None:
    """Write the annotation; `style` is success, info, warning or error. Raises RemoteError."""
    try:
        done = subprocess.run(
            [_AGENT, "annotate", "--style", style, "--context", context],
            input=body.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_LIMIT_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RemoteError(f"{_AGENT} could not be run: {type(error).__name__}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise RemoteError(f"{_AGENT} ended with {done.returncode}: {said}")
