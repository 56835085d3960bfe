"""Makes the pictures of the documentation from real runs: what commands print on a terminal, as SVG.

    python examples/pictures.py         after `make demo`, whose copy of the shop is asked

Each picture is the output of one command in a terminal of its own, not a drawing of it.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).resolve().parent
SHOP = HERE.parent / ".demo" / "shop"
PICTURES = HERE.parent / "docs" / "pictures"
COLUMNS = 112
MOST_LINES = 34

COMMANDS = {"why": ("lapwing", "why")}  # a picture for each that a page shows

# Without the web fonts that rich's own template loads: a picture is whole by itself.
TEMPLATE = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> int:
    """Make all pictures; 1 where there is no copy of the shop to ask."""
    if not SHOP.is_dir():
        print("pictures: there is no .demo/shop; run 'make demo' first", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    for name, words in COMMANDS.items():
        shown = f"$ {' '.join(words)}"
        picture = drawn(f"{shown}\n{printed(words)}", title=" ".join(words[:2]), name=name)
        (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")
        print(f"wrote docs/pictures/{name}.svg")
    return 0


def printed(words: tuple[str, ...]) -> str:
    """What a command prints on a terminal, with its colors; of a line written anew the last state."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")}
    environment |= {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "PYTHONPATH": str(SHOP)}
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(
        command, cwd=SHOP, env=environment, stdin=terminal, stdout=terminal, stderr=terminal
    ) as child:
        os.close(terminal)
        pieces = []
        while piece := some(controller):
            pieces.append(piece)
        child.wait()
    os.close(controller)
    text = b"".join(pieces).decode("utf-8", "replace").replace("\r\n", "\n")
    return "\n".join(last_state(line) for line in text.splitlines())


def some(controller: int) -> bytes:
    """The next bytes of a terminal, none at its end."""
    try:
        return os.read(controller, 1 << 16)
    except OSError:  # Linux says so when the last one has closed the other side
        return b""


def last_state(line: str) -> str:
    """What is left of a line after carriage returns, without commands to the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-LN-Zfhl]", "", line.rpartition("\r")[2])


def drawn(text: str, *, title: str, name: str) -> str:
    """The text as a picture of a terminal, long output cut with a word."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "…"]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi("\n".join(lines)), soft_wrap=False)
        return console.export_svg(title=title, theme=MONOKAI, code_format=TEMPLATE, unique_id=name)


if __name__ == "__main__":
    sys.exit(main())
