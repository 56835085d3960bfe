"""Are the settings right, and does git see what it should?"""

import shlex
from collections.abc import Iterator

from lapwing.config.settings import Settings
from lapwing.environment.git_process import ask_git
from lapwing.errors import ConfigurationError
from lapwing.model.health import HealthFinding, HealthLevel


def check_settings(settings: Settings | ConfigurationError) -> Iterator[HealthFinding]:
    """The settings and each fault of them, or why they cannot be read."""
    if isinstance(settings, ConfigurationError):
        yield _fault(settings, meaning="Nothing is recorded or judged until it is mended.")
        return
    for fault in settings.faults:
        yield _fault(fault, meaning="What holds instead is the default, or what is said elsewhere.")
    if settings.faults:
        return
    origins = [origin for origin in settings.origins.values() if origin != "default"]
    counts = [f"{origins.count(each)} from {each}" for each in dict.fromkeys(origins)]
    yield HealthFinding(
        slug="configuration",
        level=HealthLevel.OK,
        what="every option is at its default" if not counts else f"options set: {', '.join(counts)}",
    )


def check_git(settings: Settings) -> Iterator[HealthFinding]:
    """Whether git leaves out the files of each run and takes the baseline."""
    root = settings.root
    if not ask_git(root, "rev-parse", "--git-dir"):
        return  # no repository, no git, or one that git does not trust
    passing = [settings.data_file] if settings.data_file is not None else []
    passing.append(settings.results_dir / "latest_report.json")
    shown = [path.relative_to(root).as_posix() for path in passing if path.is_relative_to(root)]
    tracked = [path for path in shown if ask_git(root, "ls-files", "--", path)]
    seen = [path for path in shown if not ask_git(root, "check-ignore", "--", path)]
    if seen:
        untrack = f"git rm --cached {' '.join(map(shlex.quote, tracked))}; " if tracked else ""
        yield HealthFinding(
            slug="gitignore",
            level=HealthLevel.NOTE,
            what=f"git does not ignore {', '.join(seen)}",
            meaning="Their content changes with every run.",
            mend=f"{untrack}lapwing init",
        )
    if ask_git(root, "check-ignore", "--", str(settings.baseline_file)):
        yield HealthFinding(
            slug="baseline-ignored",
            level=HealthLevel.NOTE,
            what=f"git ignores {settings.baseline_file.name}",
            meaning="Others and CI do not get the baseline.",
            mend=f"Take it out of .gitignore, or add: !{settings.baseline_file.name}",
        )


def _fault(error: ConfigurationError, *, meaning: str) -> HealthFinding:
    return HealthFinding(
        slug="configuration",
        level=HealthLevel.PROBLEM,
        what=f"{error.where}: {error.what}" if error.where else error.what,
        meaning=meaning,
        mend=error.mend,
    )
