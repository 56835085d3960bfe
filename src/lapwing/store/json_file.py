"""Reading a JSON file that people may have edited, merged or cut short.

A broken file that Lapwing itself writes is copied to `NAME.corrupt` beside it before anything
says so: the next update writes over the file, and what was in it must not be lost with that.
"""

import json
import pkgutil
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from lapwing.errors import BrokenFileError, UnreadableFileError
from lapwing.store.json_shape import Schema, shape_fault

_CONFLICT: Final = re.compile(rb"^<{7} ", re.MULTILINE)


@cache
def load_schema(name: str) -> Schema:
    """The published JSON schema `NAME.schema.json`."""
    text = pkgutil.get_data("lapwing.store", f"schemas/{name}.schema.json")
    schema: Schema = json.loads(text or b"{}")
    return schema


def read_json_file(
    path: Path, *, schema: str, format_version: int, mend: str, keeps_copy: bool, anew: str = ""
) -> dict[str, Any] | None:
    """The object in the file, checked against the published schema; None where there is no file.

    Files without `format_version` are taken as they are. Raises BrokenFileError with `mend` for a
    broken file, of which one with the marks of a merge has its own way to mend, `anew` the last part
    of it; UnreadableFileError for one of a newer version than `format_version`. `keeps_copy` is for
    files of our own, which will be written over.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableFileError(
            f"the file cannot be read ({error.strerror})", where=str(path), mend="Check its rights."
        ) from error
    try:
        value = _parsed(path, data, mend, anew)
    except BrokenFileError as error:
        if not keeps_copy:
            raise
        raise BrokenFileError(
            error.what, where=error.where, mend=error.mend, kept_as=_keep_broken(path, data)
        ) from error
    newer = value.get("format_version") if isinstance(value, dict) else None
    if isinstance(newer, int) and newer > format_version:
        raise UnreadableFileError(
            f"the file is of format version {newer}, this Lapwing reads versions up to {format_version}",
            where=str(path),
            mend="Upgrade it with: pip install --upgrade lapwing.",
        )
    fault = shape_fault(value, load_schema(schema))
    if fault is not None:
        kept_as = _keep_broken(path, data) if keeps_copy else ""
        raise BrokenFileError(f"{fault.path} {fault.what}", where=str(path), mend=mend, kept_as=kept_as)
    checked: dict[str, Any] = value
    return checked


def _parsed(path: Path, data: bytes, mend: str, anew: str) -> Any:
    merge = _CONFLICT.search(data)
    if merge is not None:
        line = data.count(b"\n", 0, merge.start()) + 1
        raise BrokenFileError(
            "git has left the marks of an unfinished merge here (<<<<<<<)",
            where=f"{path}:{line}",
            mend="Take one side whole, while the merge is open with: "
            f"git checkout --ours -- {path} (or --theirs){anew}.",
        )
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        line, what = error.lineno, f"not valid JSON: {error.msg} at column {error.colno}"
    except UnicodeDecodeError as error:
        line, what = data.count(b"\n", 0, error.start) + 1, "not valid UTF-8"
    except (ValueError, RecursionError) as error:
        line, what = 1, f"not valid JSON: {error}"
    raise BrokenFileError(what, where=f"{path}:{line}", mend=mend)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number of JSON")


def _keep_broken(path: Path, data: bytes) -> str:
    """Copy what is broken; returns the copy's name, or "" where the folder is read-only."""
    number = 1
    kept = path.with_name(f"{path.name}.corrupt")
    with suppress(OSError):
        while kept.exists() and kept.read_bytes() != data:
            number += 1
            kept = path.with_name(f"{path.name}.corrupt{number}")
        kept.write_bytes(data)
        return kept.name
    return ""
