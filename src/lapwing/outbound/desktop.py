"""Messages on the desktop of whoever runs the tests, through the system's own command."""

import shutil
import subprocess
from typing import Final

from lapwing.errors import MissingToolError
from lapwing.model.alert import AlertLevel

_URGENCY: Final = {
    AlertLevel.CRITICAL: "critical",
    AlertLevel.WARNING: "normal",
    AlertLevel.RECOVERED: "low",
}
_PATIENCE_S: Final = 5.0
_SCRIPT: Final = "on run words\ndisplay notification (item 2 of words) with title (item 1 of words)\nend run"


class Desktop:
    """`notify-send` of Linux desktops, or `osascript` of macOS."""

    name = "desktop"

    def send(self, title: str, body: str, level: AlertLevel) -> str:
        """Show one message; returns "" once it was taken, else why it was not.

        Raises MissingToolError where the system has no command for it.
        """
        if sender := shutil.which("notify-send"):
            # What follows `--` is text, whatever it begins with.
            command = [sender, "--app-name=lapwing", f"--urgency={_URGENCY[level]}", "--", title, body]
        elif sender := shutil.which("osascript"):
            command = [sender, "-e", _SCRIPT, title, body]
        else:
            raise MissingToolError(
                "there is neither notify-send nor osascript",
                mend="Install notify-send (apt-get install libnotify-bin), or take 'desktop' out of alerts.",
            )
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        if done.returncode == 0:
            return ""
        lines = done.stderr.strip().splitlines()
        return lines[0] if lines else f"{command[0]} ended with {done.returncode}"
