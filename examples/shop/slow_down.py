"""Makes the search of the shop slower, for trying out how a slowdown is found.

`python slow_down.py [DIR]` edits one line of DIR/src/shop/search.py (default: the current folder).
The results of the search stay the same. SLOWDOWN.md lists the tests that take longer.
"""

import sys
from pathlib import Path

SOURCE = Path("src", "shop", "search.py")
FAST = "found = len(self._postings.get(word, ()))"
SLOW = "found = sum(word in words for words in self._words.values())"


def slow_down(folder: Path) -> str:
    """Edit the copy of the shop in `folder`; says what was changed. SystemExit if it cannot be done."""
    path = folder / SOURCE
    if not path.is_file():
        raise SystemExit(f"{path}: not found; is {folder} a copy of the example shop?")
    text = path.read_text(encoding="utf-8")
    if SLOW in text:
        raise SystemExit(f"{path}: slowed down already, nothing changed")
    if text.count(FAST) != 1:
        raise SystemExit(f"{path}: the line to change is not there exactly once, nothing changed")
    path.write_text(text.replace(FAST, SLOW), encoding="utf-8")
    line = text[: text.index(FAST)].count("\n") + 1
    return f"{path}:{line}: look-up in the index replaced by a count over all products\n- {FAST}\n+ {SLOW}"


if __name__ == "__main__":
    print(slow_down(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
