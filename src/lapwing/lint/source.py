"""Files as text: any encoding that Python knows, any line ends; what cannot be read is said."""

import ast
import io
import tokenize
import warnings
from typing import NamedTuple

from lapwing.lint.newer_syntax import lowered


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
    """The syntax tree, or what is wrong with the text. Newer syntax is understood."""
    tree = _parse(text)
    if isinstance(tree, Broken):
        simpler = lowered(text)
        again = tree if simpler == text else _parse(simpler)
        return tree if isinstance(again, Broken) and again.line <= tree.line else again
    return tree


def _parse(text: str) -> ast.Module | Broken:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return Broken(f"is no valid Python: {error.msg}", error.lineno or 1, error.offset or 1)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return Broken(f"cannot be parsed: {error or type(error).__name__}")


def read(path: str) -> bytes | Broken:
    """The bytes of a file."""
    try:
        with open(path, "rb", buffering=0) as file:  # half the time of a path object with a buffer
            return file.readall()
    except OSError as error:
        return Broken(f"cannot be read: {error.strerror or error}")


def _is_plain(content: bytes) -> bool:
    """Whether no encoding is declared in the first two lines."""
    head = content[:400].split(b"\n", 2)[:2]
    return not any(b"coding" in line for line in head)


def _decode_declared(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)
