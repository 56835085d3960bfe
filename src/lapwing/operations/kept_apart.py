"""A pytest that runs tests again leaves the cache and the temporary files of the first one alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

NO_CACHE: Final = ("-p", "no:cacheprovider")


def kept_apart(command: Sequence[str], folder: Path) -> tuple[str, ...]:
    """What to add to `command` for both to lie in `folder`.

    Where it has no cache, nobody knows the option for its place, which `--strict-config` does not forgive.
    """
    has_cache = not any(part.endswith(NO_CACHE[1]) for part in command)
    cache = ("-o", f"cache_dir={folder}/cache") if has_cache else ()
    return (*cache, f"--basetemp={folder}/tmp")
