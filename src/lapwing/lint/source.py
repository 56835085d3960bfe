"""Files as text: any encoding that Python knows, any line ends; what cannot be read is said."""

import ast
import io
import tokenize
import warnings
from pathlib import Path
from typing import NamedTuple


class Broken(NamedTuple):
    """Why a file could not be read or parsed."""

    reason: str
    line: int = 1
    column: int = 1


def decode(content: bytes) -> str | Broken:
    """The text of a source file, with `\\n` as line ends."""
    try:
        text = content.decode("utf-8-sig") if _is_plain(content) else _decode_declared(content)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        return Broken(f"cannot be decoded: {error}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\f", "") if "\f" in text else text


def parse(text: str) -> ast.Module | Broken:
    """The syntax tree, or what is wrong with the text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return Broken(f"is no valid Python: {error.msg}", error.lineno or 1, error.offset or 1)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return Broken(f"cannot be parsed: {error or type(error).__name__}")


def read(path: Path) -> bytes | Broken:
    """The bytes of a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        return Broken(f"cannot be read: {error.strerror or error}")


def _is_plain(content: bytes) -> bool:
    """Whether no encoding is declared in the first two lines."""
    head = content[:400].split(b"\n", 2)[:2]
    return not any(b"coding" in line for line in head)


def _decode_declared(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)
