"""Adding to a text without touching a character of it."""


def newline_of(text: str) -> str:
    """The line end that `text` uses most, `\\n` where it has none."""
    crlf = text.count("\r\n")
    return "\r\n" if crlf * 2 > text.count("\n") else "\n"


def with_block(text: str, block: str, *, blank_line: bool = True) -> str:
    """`text` with the lines of `block` at its end, in its own line ends.

    `blank_line` parts the two, unless `text` is empty or ends with such a line.
    """
    newline = newline_of(text)
    gap = ""
    if text.lstrip("\ufeff"):
        if not text.endswith("\n"):
            gap = newline
        if blank_line and not text.endswith(("\n\n", "\n\r\n")):
            gap += newline
    return text + gap + block.replace("\n", newline)
