"""How is this project set up? Looks at it and plans edits of its files; writes them when told to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.options import OPTIONS
from lapwing.config.root import store_path
from lapwing.config.settings import Settings
from lapwing.environment.frequency import read_disturbances
from lapwing.environment.git import detect_base_branch
from lapwing.environment.git_files import find_git_folder
from lapwing.environment.git_process import ask_git
from lapwing.environment.project import ProjectShape, read_project
from lapwing.errors import ProjectError
from lapwing.model.value import Value
from lapwing.operations.init.ci_gitlab import INCLUDE, MAIN_FILE, PIPELINE
from lapwing.operations.init.ci_plan import ci_files, read_runners
from lapwing.operations.init.file_edit import FileEdit
from lapwing.operations.init.ignored_files import GITIGNORE, ignored_entries, with_ignored
from lapwing.operations.init.kinds_of_tests import recognize
from lapwing.operations.init.known_tests import NOISY_FACTOR, known_tests
from lapwing.operations.init.layout import Layout, choose_layout
from lapwing.operations.init.make_targets import has_other_prefix, with_targets
from lapwing.operations.init.parallel_notes import parallel_notes
from lapwing.operations.init.project_files import read_project_file, write_edits
from lapwing.operations.init.pytest_notes import django_note, packages_note
from lapwing.operations.init.requirements import (
    REQUIREMENT,
    choose_place,
    is_listed,
    place_text,
    requirement_for,
    source_path,
    with_requirement,
)
from lapwing.operations.init.review_checklist import TEMPLATES, template_path, with_checklist
from lapwing.operations.init.scripts import SCRIPTS
from lapwing.operations.init.settings_table import (
    PYPROJECT,
    has_more_time,
    read_pyproject,
    table_text,
    waits_for_deadlines,
    with_deadlines,
    with_table,
)

_LOCKS = {"uv.lock": "uv lock", "poetry.lock": "poetry lock", "pdm.lock": "pdm lock"}
_SHORT_NAME = "--format=%(refname:short)"


class Wishes(Value):
    """What is set up besides configuration, .gitignore and requirements."""

    make: bool = False
    scripts: bool = False
    checklist: bool = False
    ci: str = ""  # github, gitlab, or "" for neither


class SetupPlan(Value):
    """What would be written, and what is left to a person."""

    root: Path
    shape: ProjectShape
    edits: tuple[FileEdit, ...]
    notes: tuple[str, ...] = ()
    record: str = ""  # the command that records a first run


def plan_setup(settings: Settings, wishes: Wishes = Wishes()) -> SetupPlan:
    """The edits that set the project of `settings` up; none where everything is there.

    Nothing is written. Raises ProjectError for a root that is no folder and for a
    pyproject.toml that is no TOML.
    """
    if not settings.root.is_dir():
        raise ProjectError("there is no such folder", where=str(settings.root))
    planner = _Planner(settings)
    planner.plan_configuration()
    planner.plan_pytest()
    planner.plan_gitignore()
    planner.plan_requirements()
    planner.plan_workers()
    if wishes.make:
        planner.plan_make_targets()
    if wishes.scripts:
        planner.plan_scripts()
    if wishes.checklist:
        planner.plan_checklist()
    if wishes.ci:
        planner.plan_ci(wishes.ci)
    return SetupPlan(
        root=settings.root,
        shape=planner.shape,
        edits=tuple(planner.edits.values()),
        notes=tuple(planner.notes),
        record=planner.record,
    )


def apply_setup(plan: SetupPlan) -> None:
    """Write the edits of `plan`. Raises ProjectError where a file cannot be written or has changed."""
    write_edits(plan.root, plan.edits)


class _Planner:
    """Collects edits; an edit of a file that has one already continues it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.root = settings.root
        self.shape = read_project(self.root)
        self.runners = read_runners(self.root)
        self.has_pytest = bool(self.shape.test_files) or not self.runners
        self.edits: dict[str, FileEdit] = {}
        self.notes: list[str] = []
        self.refused: set[str] = set()
        self.pyproject: Mapping[str, Any] = read_pyproject(self._text(PYPROJECT))
        tool = self.pyproject.get("tool")
        self.is_configured = isinstance(tool, dict) and "lapwing" in tool
        may_set = not self.is_configured and PYPROJECT not in self.refused
        self.layout: Layout = choose_layout(settings, self.shape.test_paths, may_set=may_set)

    @property
    def record(self) -> str:
        """The command that records a first run."""
        if self.has_pytest:
            return "pytest --track-performance"
        return f"lapwing run --reports {self.runners[0].report} -- {self.runners[0].command}"

    def plan_configuration(self) -> None:
        """The table `[tool.lapwing]`; where there is one, deadlines that were left open in it."""
        if PYPROJECT in self.refused:
            return
        if self.is_configured:
            self._plan_open_deadlines()
            return
        kinds = recognize(self.shape.markers, self._test_folders())
        taken = [each.name for each in OPTIONS if "tool.performance" in self.settings.origins[each.name]]
        values = [*self._names(), *self.layout.settings]
        is_noisy = bool(read_disturbances())
        end_in_time = self._end_in_time(NOISY_FACTOR if is_noisy else 1.0)
        table = table_text(values, taken, kinds, is_noisy=is_noisy, end_in_time=end_in_time)
        text = self._text(PYPROJECT)
        try:
            self._edit(PYPROJECT, with_table(text, table))
        except ProjectError as error:
            self.notes.append(str(error))
            return
        if text is None and (self.root / "setup.py").exists():
            self.notes.append(
                "pyproject.toml is new: from then on pip builds this project in an environment of its own; "
                "what setup.py imports must be listed there under [build-system] requires."
            )

    def _plan_open_deadlines(self) -> None:
        """The deadlines that an earlier call left as a comment, once it is known whom they would stop."""
        text = self._text(PYPROJECT) or ""
        if waits_for_deadlines(text) and self._end_in_time(NOISY_FACTOR if has_more_time(text) else 1.0):
            self._edit(PYPROJECT, with_deadlines(text))

    def _end_in_time(self, timeout_factor: float) -> bool:
        """Whether all tests are known to; a note says which of them do not."""
        known = known_tests(self.settings, timeout_factor)
        if known is None:
            return False
        if known.late:
            self.notes.append(known.sentence)
        return not known.late

    def plan_pytest(self) -> None:
        """What pytest must know of Django, and the packages that it takes for projects of their own."""
        if self.shape.packages:
            self.notes.append(packages_note(self.shape.packages))
        if self.shape.django is not None and self.has_pytest:
            self.notes.append(django_note(self.shape.django, self.shape.pytest_config))

    def plan_gitignore(self) -> None:
        """Lines of .gitignore, in a git checkout or where there is such a file."""
        if not self.shape.has_gitignore and find_git_folder(self.root) is None:
            return
        after = with_ignored(self._text(GITIGNORE), ignored_entries(self.layout))
        if after is not None:
            self._edit(GITIGNORE, after)

    def plan_requirements(self) -> None:
        """Lapwing among the test requirements, where there is one place for it and pytest is to load it."""
        if not self.has_pytest:
            return
        places = self.shape.requirements
        paths = {each.file for each in places}
        texts = {path: self._text(path) for path in paths | set(map(source_path, paths))}
        if is_listed(places, texts, self.pyproject):
            return
        requirement = requirement_for(self.pyproject)
        choice = choose_place(places, texts, self.pyproject)
        if choice.place is None:
            self.notes.append(
                f"Add {requirement} to the requirements of the tests by hand: {choice.why_not}."
            )
            return
        path = choice.place.file
        after = with_requirement(self._text(path) or "", choice.place, requirement)
        if after is None:
            self.notes.append(f"Add {requirement} to {place_text(choice.place)} by hand.")
            return
        self._edit(path, after)
        if requirement != REQUIREMENT:
            self.notes.append(
                "Lapwing needs Python 3.11 or newer: where tests run on older ones, "
                "leave --track-performance out."
            )
        if path.endswith(".in"):
            self.notes.append(f"Compile {path} again afterwards.")
        for lock, command in _LOCKS.items():
            if path == PYPROJECT and (self.root / lock).exists():
                self.notes.append(f"Renew {lock} afterwards: {command}")

    def plan_workers(self) -> None:
        """How to run in parallel, with the marks that this takes, once a run has told who shares what."""
        if self.has_pytest:
            self.notes += parallel_notes(self.settings)

    def plan_make_targets(self) -> None:
        """The performance targets of the makefile."""
        path = self.shape.makefile or "Makefile"
        text = self._text(path)
        if path in self.refused:
            return
        if has_other_prefix(text or ""):
            self.notes.append(f"{path}: sets .RECIPEPREFIX; left alone.")
            return
        store = Path(self.settings.store)
        shown = store.relative_to(self.root) if store.is_relative_to(self.root) else store
        is_url = "://" in self.settings.store
        edit = with_targets(text, self.shape.make_targets, str(store_path(Path()) if is_url else shown))
        if edit.text is not None:
            self._edit(path, edit.text)
        if edit.left_alone:
            self.notes.append(f"{path}: has {', '.join(edit.left_alone)} already; left alone.")

    def plan_scripts(self) -> None:
        """The thin scripts, where no file has their name."""
        for path, script in SCRIPTS.items():
            text = self._text(path)
            if text is None:
                self._edit(path, script, is_executable=True)
            elif text != script:
                self.notes.append(f"{path}: is there already; left alone.")

    def plan_checklist(self) -> None:
        """The review checklist in the pull-request template."""
        if (self.root / ".github/PULL_REQUEST_TEMPLATE").is_dir():
            self.notes.append(".github/PULL_REQUEST_TEMPLATE: has several templates; left alone.")
            return
        existing = [path for path in TEMPLATES if (self.root / path).exists()]
        path = template_path(existing, self.shape.ci_files)
        after = with_checklist(self._text(path))
        if after is not None:
            self._edit(path, after)

    def plan_ci(self, provider: str) -> None:
        """The workflow or pipeline of `provider`, where no file has its name."""
        base = self.settings.base_branch or detect_base_branch(self.root) or "main"
        files = ci_files(
            provider,
            base_branch=base,
            pyproject=self.pyproject,
            places=self.shape.requirements,
            runners=self.runners,
            has_pytest=self.has_pytest,
        )
        for path, after in files.items():
            text = self._text(path)
            if text is None:
                self._edit(path, after)
            elif text != after:
                self.notes.append(f"{path}: is there already; left alone.")
        if provider == "gitlab":
            self._include_pipeline()

    def _include_pipeline(self) -> None:
        """`.gitlab-ci.yml` includes the pipeline; one that is there is a person's to change."""
        text = self._text(MAIN_FILE)
        if text is None:
            self._edit(MAIN_FILE, INCLUDE)
        elif PIPELINE not in text:
            self.notes.append(f"{MAIN_FILE}: add by hand: include: [{{local: {PIPELINE}}}]")

    def _names(self) -> list[tuple[str, str]]:
        """Names that Lapwing would otherwise take from the folder, or could not find."""
        names = []
        project = self.pyproject.get("project")
        name = project.get("name") if isinstance(project, dict) else None
        # Runs recorded before stand under the folder's name, and would be lost from sight.
        has_runs = store_path(self.root).exists() and name != self.root.name
        if isinstance(name, str) and name and self._is_default("project") and not has_runs:
            names.append(("project", name))
        if self._is_default("base_branch") and detect_base_branch(self.root) is None:
            branches = (ask_git(self.root, "for-each-ref", _SHORT_NAME, "refs/heads") or "").split("\n")
            if len(branches) == 2:  # one, and what follows the last line
                names.append(("base_branch", branches[0]))
        return names

    def _is_default(self, option: str) -> bool:
        return self.settings.origins[option] == "default"

    def _test_folders(self) -> list[str]:
        """The folders right below those of the tests, relative to the root."""
        found: list[str] = []
        for path in self.shape.test_paths:
            folder = self.root / path
            if not folder.is_relative_to(self.root) or ".." in folder.parts:
                continue
            try:
                inner = [each for each in folder.iterdir() if each.is_dir()]
            except OSError:
                continue
            found += [each.relative_to(self.root).as_posix() for each in inner]
        return found

    def _text(self, path: str) -> str | None:
        """The file as it would be by now; None where there is none, or it is to be left alone."""
        if path in self.edits:
            return self.edits[path].after
        if path in self.refused:
            return None
        try:
            return read_project_file(self.root, path)
        except ProjectError as error:
            self.refused.add(path)
            self.notes.append(f"{error.where}: {error.what}; left alone.")
            return None

    def _edit(self, path: str, after: str, *, is_executable: bool = False) -> None:
        if path in self.refused:
            return
        earlier = self.edits.get(path)
        before = earlier.before if earlier is not None else self._text(path)
        self.edits[path] = FileEdit(path, before, after, is_executable)
