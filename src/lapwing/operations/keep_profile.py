"""Keep a profile: files that open offline, and a summary with the history of its test."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lapwing.config.root import home_path, prepare_home
from lapwing.config.settings import Settings
from lapwing.errors import StoreError
from lapwing.model.profile import ProfileSummary
from lapwing.operations.profile_tests import Profiled
from lapwing.profiling.hot_spots import summary_of_profile
from lapwing.profiling.profiler import RAW_ENDINGS
from lapwing.report.flame import flame_chart
from lapwing.report.pages.profile import flame_sentence, profile_page
from lapwing.report.render.html_document import render_document
from lapwing.report.speedscope import speedscope
from lapwing.store.atomic_file import replace_file
from lapwing.units import NS_PER_S

FOLDER: Final = "profiles"
KEPT: Final = 5
"""Profiles of one test and profiler whose files are kept; older ones go."""

_LONGEST_NAME: Final = 60
_DIGEST: Final = 8


def keep_profile(
    settings: Settings,
    profiled: Profiled,
    *,
    commit: str | None = None,
    run_id: str | None = None,
    into: Path | None = None,
) -> ProfileSummary:
    """Write the files of a profile into a folder of its test below `.lapwing/profiles`, or into `into`.

    Returns the summary that belongs into the store. Raises StoreError where they cannot be written.
    """
    profile = profiled.profile
    summary = summary_of_profile(profile)._replace(commit=commit, run_id=run_id)
    if into is None:
        prepare_home(settings.root)
    folder = home_path(settings.root) / FOLDER / file_name(profile.nodeid) if into is None else into
    moment = datetime.fromtimestamp(profile.started_at_ns / NS_PER_S, UTC)
    stem = f"{moment:%Y%m%dT%H%M%S%fZ}-{profile.profiler.value}"
    if into is not None:
        stem = f"{file_name(profile.nodeid)}-{stem}"
    page, scope = folder / f"{stem}.html", folder / f"{stem}.speedscope.json"
    written = [page, scope]
    raw = folder / f"{stem}{RAW_ENDINGS.get(profile.profiler, '')}"
    if profiled.raw is not None:
        written.append(raw)
    summary = summary._replace(files=tuple(_told(path, settings.root) for path in written))
    drawn = profile_page(summary, flame_chart(profile, flame_sentence(summary)), most=50)
    replace_file(page, (render_document(drawn),), encoding="utf-8")
    replace_file(scope, (json.dumps(speedscope(profile), separators=(",", ":")), "\n"))
    if profiled.raw is not None:
        try:
            raw.write_bytes(profiled.raw)
        except OSError as error:
            raise StoreError(
                f"the file cannot be written: {error.strerror}", where=str(raw), mend="Free some space."
            ) from error
    if into is None:
        _forget_old(folder, profile.profiler.value)
    return summary


def file_name(nodeid: str) -> str:
    """A name for files of a test: readable, harmless on every system, and of no other test."""
    tail = nodeid.rpartition("/")[2]
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", tail).strip("-")[:_LONGEST_NAME].strip("-")
    digest = hashlib.sha256(nodeid.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{plain}-{digest}" if plain else digest


def _forget_old(folder: Path, profiler: str) -> None:
    """Remove the files of all but the newest profiles by this profiler. Names begin with their moment."""
    for stem in sorted(set(_stems(folder, profiler)))[:-KEPT]:
        for path in folder.glob(f"{stem}.*"):
            path.unlink(missing_ok=True)


def _stems(folder: Path, profiler: str) -> Iterator[str]:
    for path in folder.iterdir():
        stem = path.name.partition(".")[0]
        if stem.endswith(f"-{profiler}"):
            yield stem


def _told(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
