"""Where a project's performance files go: beside its tests, where those are not in `tests/`."""

from pathlib import Path

from lapwing.config.settings import Settings
from lapwing.model.value import Value

_DEFAULT_FOLDER = "tests"


class Layout(Value):
    """Places relative to the root, with `/`; None for a file that is not written or lies outside."""

    data_file: str | None
    baseline_file: str | None
    results_dir: str | None
    settings: tuple[tuple[str, str], ...] = ()  # option and value: what must be set for these places


def choose_layout(settings: Settings, test_paths: tuple[str, ...], *, may_set: bool) -> Layout:
    """The places as `settings` have them; where they are defaults and `may_set`, fitted to the tests.

    Without a folder `tests` the defaults would make one. The files then go into the only folder
    of tests, or, where there are several, into the root.
    """
    root = settings.root
    set_now: dict[str, str] = {}
    if may_set and test_paths and not (root / _DEFAULT_FOLDER).is_dir():
        wanted = _places_in(_only_folder(root, test_paths))
        set_now = {name: value for name, value in wanted.items() if settings.origins[name] == "default"}

    def place(name: str, configured: Path | None) -> str | None:
        return set_now.get(name) or _relative(configured, root)

    return Layout(
        data_file=place("data_file", settings.data_file),
        baseline_file=place("baseline_file", settings.baseline_file),
        results_dir=place("results_dir", settings.results_dir),
        settings=tuple(set_now.items()),
    )


def _places_in(folder: str) -> dict[str, str]:
    if not folder:
        return {"results_dir": "performance_results"}
    return {
        "data_file": f"{folder}/.performance_data.json",
        "baseline_file": f"{folder}/.performance_baseline.json",
        "results_dir": f"{folder}/performance_results",
    }


def _only_folder(root: Path, test_paths: tuple[str, ...]) -> str:
    """The one folder of tests, "" where there are several or it is the root itself."""
    if len(test_paths) != 1:
        return ""
    folder = root / test_paths[0]
    relative = _relative(folder.resolve(), root.resolve())
    is_text = relative is not None and relative.encode("utf-8", "ignore").decode() == relative
    return relative if relative and is_text and relative != "." and folder.is_dir() else ""


def _relative(path: Path | None, root: Path) -> str | None:
    if path is None or not path.is_relative_to(root):
        return None
    relative = path.relative_to(root).as_posix()
    return None if ".." in relative.split("/") else relative
