"""One file in, its findings out."""

import ast
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lapwing.lint.asked_for import unasked_argument
from lapwing.lint.condition import is_main_guard
from lapwing.lint.dead_code import dead_blocks
from lapwing.lint.described_marks import registered_as_slow
from lapwing.lint.exemption import Exemptions, exempt_folder
from lapwing.lint.find_sites import SiteFinder
from lapwing.lint.fixtures import SETUPS, FixtureTable, is_test_function
from lapwing.lint.heavy_packages import HEAVY, imported_at_margin
from lapwing.lint.hook_marks import left_by_hooks
from lapwing.lint.ignored import is_ignored
from lapwing.lint.marks_asked_for import marks_asked_for
from lapwing.lint.module import Definition, Module
from lapwing.lint.named_thing import Use
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.program_findings import findings_in_programs
from lapwing.lint.program_text import ProgramText
from lapwing.lint.project import PYTEST_FILES, Project
from lapwing.lint.rare_packages import waits_by
from lapwing.lint.registry import BROKEN_FILE, rule
from lapwing.lint.replaced import Replacements
from lapwing.lint.roles import (
    Imports,
    is_collected,
    is_imported_by_none,
    is_of_tests_only,
    outermost_test_folder,
    test_trees,
)
from lapwing.lint.selection import Selection
from lapwing.lint.site import Site
from lapwing.lint.skipped_around import is_skipped_around
from lapwing.lint.slow_callers import SlowFunctions, calls_of_slow, slow_functions
from lapwing.lint.slow_imports import SlowImports
from lapwing.lint.source import Broken, decode, parse
from lapwing.lint.suite import Suite
from lapwing.lint.suite_texts import SuiteTexts
from lapwing.lint.uncalled import is_only_script
from lapwing.lint.unused import unused_waivers
from lapwing.lint.users import Users
from lapwing.lint.view import View
from lapwing.lint.waivers import waivers_in, without_waived
from lapwing.lint.words import is_worth_parsing
from lapwing.model.finding import Confidence, Finding
from lapwing.model.lint_options import LintOptions
from lapwing.model.test_history import FileHistory

_NAME_OF_TESTS: Final = re.compile(
    r"test_(?!\w*(?:util|help|base|common|support|case|fixture|lib|tool))\w*\.py$"
)
"""Other names with `test` are those of helpers, which packages ship for tests of whoever uses them."""

_WAITS: Final = re.compile(r"sleep|process|[Pp]open|Process|os\.(?:system|fork|spawn)|urlopen|requests|httpx")
"""Words of what may wait below the guard of a script."""

_RUNS_ITSELF: Final = re.compile(r"sys\.executable,[^\n]{0,60}\b__file__")
"""How the tests of a file run it as a program."""

_USED_BY_ALL: Final = "usefixtures"
_UNKNOWN: Final = FileHistory()


class FileChecker:
    """Checks files one after the other. `selection_of` tells what the project at a folder leaves out;
    `is_for_cache`: what each answer depends on will be asked.
    """

    def __init__(
        self,
        working_folder: Path,
        options: LintOptions,
        codes: tuple[str, ...],
        selection_of: Callable[[Path], Selection],
        history: Mapping[str, FileHistory],
        is_for_cache: bool,
    ) -> None:
        self.project = Project(working_folder, is_for_cache=is_for_cache)
        self.is_for_cache = is_for_cache
        self._options = options
        self._heavy = HEAVY | {*options.heavy_imports}
        self._codes = codes
        self._selection_of = selection_of
        self._history = history  # by file, as it is shown
        self._selections: dict[str, Selection] = {}
        self._texts = SuiteTexts()
        self._imports = Imports(options.slow_folders, self._texts.of)
        self._judges: dict[str, tuple[Exemptions, Replacements]] = {}
        self._users = Users(
            Suite(
                texts=self._texts,
                module=self.project.module,
                top_of=self.project.top_of,
                is_test_code=self.project.is_test_code,
                is_left_out=self._may_be_slow,
                is_exempt=self._is_exempt,
                is_exempt_class=self._is_exempt_class,
                asked_by_configuration=self._asked_by_configuration,
                is_left_line=self._is_left_line,
                is_program=self._is_program,
                note=self._depend_on,
            )
        )
        self._slow: dict[str, SlowFunctions] = {}
        self._slow_imports = SlowImports(self.project, self._slow_functions)
        self.stamps: dict[str, str] = {}  # of such folders
        self.trees: tuple[str, ...] = ()  # the folders whose imports the last answer depends on

    def check(self, path: str, content: bytes | Broken) -> list[Finding]:
        """The findings in the file at `path` (absolute), by line. Never raises: a broken file is a
        finding.
        """
        self.trees = ()
        if self.project.is_full:
            self.project.forget_modules()
            self._slow.clear()
            self._judges.clear()
        text = content if isinstance(content, Broken) else decode(content)
        if isinstance(text, Broken):
            return [_broken(text, self.project.shown(path), "")]
        known = self._history.get(self.project.shown(path), _UNKNOWN) if self._history else _UNKNOWN
        if (
            known == _UNKNOWN
            and not is_worth_parsing(text, self._options.max_cases)
            and not self._imports_heavy(text, os.path.dirname(path))
            and not self._slow_imports.are_named_in(text, path)
        ):
            return []
        module = self.project.parsed(text, path)
        if module is None:
            tree = parse(text)
            if isinstance(tree, Broken):
                return [_broken(tree, self.project.shown(path), text)]
            module = self.project.make_module(tree, text, path)
            if isinstance(content, bytes) and not is_of_tests_only(path):
                self.project.keep_parsed(module, content)
        try:
            return self._check(module, text, path, known)
        except RecursionError:
            broken = Broken("is nested too deeply to be followed")
            return [_broken(broken, self.project.shown(path), text)]
        finally:
            module.forget_bodies()  # they know their module: a circle that nobody would look for

    def _imports_heavy(self, text: str, folder: str) -> bool:
        """Whether a file in `folder` imports a heavy package of others than its own project, or waits by one
        that it imports.
        """
        imported = imported_at_margin(text)
        if waits_by(imported, text):
            return True
        packages = imported & self._heavy
        return bool(packages and packages - self.project.own_packages(self.project.top_of(folder)))

    def _check(self, module: Module, text: str, path: str, known: FileHistory) -> list[Finding]:
        folder, name = os.path.split(path)
        top = self.project.top_of(folder)
        relative = Path(path).relative_to(top).as_posix()
        waivers = waivers_in(text, module.tree)
        is_exempt = exempt_folder(relative, self._options.slow_folders) is not None
        if is_exempt and not waivers:
            return []
        module.is_script = not is_exempt and self._is_script(text, path, top)
        view, replacements = self._view(module, text, folder, known, looks_for_sites=not is_exempt)
        shown = self.project.shown(path)
        found = [] if is_exempt else [each._replace(file=shown) for each in self._found(view, replacements)]
        if found and (self._is_left_out(path) or is_ignored(path, self.project.conftests(folder))):
            found = found if self._runs_uncollected(path, top) else []
        if found and is_collected(name, "") and self._is_elsewhere(path):
            found = [_elsewhere(each) for each in found]
        if found and self._is_no_test_file(module, path, top):
            found = [_without_tests(each) for each in found]
        is_tried = not any(each.gate for each in found) or is_collected(name, text)
        if not is_tried and not self._is_reached(path, top):
            found = [_unreached(each) for each in found]
        else:
            found = self._without_unused(found, module, path, top)
        if not is_exempt:
            own = slow_functions(module, found, _runs_by_itself(view))
            seen = calls_of_slow(
                view,
                replacements,
                own,
                self._slow_functions,
                lambda dotted: self._slow_imports.lead_to(dotted, folder),
            )
            found += [view.finding(code, each)._replace(file=shown) for code, each in seen]
        if waivers:
            found, unused = without_waived(found, waivers)
            found += unused_waivers(view, unused, self._codes, shown)
        return sorted(found, key=lambda each: (each.line, each.col, each.code))

    def _is_script(self, text: str, path: str, top: str) -> bool:
        """Whether a test runs the file as a program, and what it does then may wait."""
        guard = text.find("__main__")
        if guard < 0 or _WAITS.search(text, guard) is None:
            return False
        if is_collected(os.path.basename(path), text):
            return _RUNS_ITSELF.search(text, 0, guard) is not None
        return self._is_named_as_script(path, top)

    def _is_named_as_script(self, path: str, top: str) -> bool:
        self._depend_on(test_trees(path, top))
        return self._imports.run_as_script(path, top)

    def _without_unused(self, found: list[Finding], module: Module, path: str, top: str) -> list[Finding]:
        """`found`, those in helpers that no test uses which has to be fast, or in a script alone, as
        information.
        """
        names = {each.function for each in found if each.gate and each.function}
        helpers = [
            each
            for each in module.definitions
            if each.qualified_name in names and not is_test_function(each.node)
        ]
        is_alone = is_of_tests_only(path) or is_imported_by_none(path)
        is_script = bool(names) and is_alone and is_only_script(module)
        if not helpers and not is_script:
            return found
        uses = {each.qualified_name: self._users.use_of(each, module) for each in helpers}
        found = [_used(each, uses.get(each.function, Use.LIVE)) for each in found]
        by_name = {each.qualified_name: each for each in helpers}
        found = [self._asked_for(each, by_name.get(each.function), module) for each in found]
        is_told = is_script and any(each.gate for each in found)
        if is_told and not (test_trees(path, top) and self._is_reached(path, top)):
            found = [_without_tests(each) if each.gate and each.function else each for each in found]
        return found

    def _asked_for(self, finding: Finding, definition: Definition | None, module: Module) -> Finding:
        """`finding`, as information where only an argument leads there that no test gives which is fast."""
        if definition is None or not finding.gate:
            return finding
        modules: list[list[Module] | None] = []  # asked for once, and seldom

        def naming() -> list[Module] | None:
            if not modules:
                modules.append(self._users.modules_naming(definition, module))
            return modules[0]

        name = unasked_argument(
            finding.line,
            definition,
            module,
            naming,
            lambda name: self._users.is_given_anywhere(name, definition, module),
            self._is_exempt,
        )
        if name is None:
            return finding
        why = f"only with {name}, for which no test asks that has to be fast"
        return finding._replace(
            gate=False, confidence=Confidence.LOW, message=f"{finding.message}; but {why}"
        )

    def _is_reached(self, path: str, top: str) -> bool:
        self._depend_on(test_trees(path, top))
        return self._imports.reach(path, top)

    def _depend_on(self, folders: tuple[str, ...]) -> None:
        self.trees = tuple(dict.fromkeys((*self.trees, *folders)))

    def _asked_by_configuration(self, top: str) -> str:
        """The lines of pytest's configuration at `top` from the one on that names fixtures for all tests."""
        self.project.note_configuration(top)
        texts = (self.project.text(os.path.join(top, name)) or "" for name in PYTEST_FILES)
        return "\n".join(text.partition(_USED_BY_ALL)[2] for text in texts)

    def _is_left_line(self, module: Module, line: int) -> bool:
        place = Place(module, module.scope, 0, nothing_given, self.project)
        around = next((each for each in module.tree.body if line <= (each.end_lineno or 0)), None)
        if not isinstance(around, ast.If) or is_main_guard(around.test):
            return False
        if any(isinstance(each, ast.Delete) and each.lineno == line for each in ast.walk(around)):
            return False  # what is taken away there is used elsewhere
        return any(first <= line <= last for first, last in dead_blocks([around], place))

    def _is_program(self, module: Module) -> bool:
        top = self.project.top_of(os.path.dirname(module.path))
        is_own_program = "__file__" in module.text and "sys.executable" in module.text
        if module.is_script or is_own_program or self._is_named_as_script(module.path, top):
            return True
        ends = tuple(f"{module.stem}{quote}".encode() for quote in "'\"")  # of what follows -m
        return any(
            b"-m" in text and any(end in text for end in ends)
            for tree in test_trees(module.path, top)
            for text in (self._texts.of(tree) or {}).values()
        )

    def _may_be_slow(self, path: str) -> bool:
        """Whether all tests of the file at `path` may be slow, or do not run."""
        folder, name = os.path.split(path)
        relative = Path(path).relative_to(self.project.top_of(folder)).as_posix()
        return (
            exempt_folder(relative, self._options.slow_folders) is not None
            or self._is_left_out(path)
            or is_ignored(path, self.project.conftests(folder))
            or (is_collected(name, "") and self._is_elsewhere(path))
        )

    def _is_exempt(self, module: Module, definition: Definition) -> bool:
        exemptions, replacements = self._judges_of(module)
        chosen = self.selection(self.project.top_of(os.path.dirname(module.path)))
        return (
            bool(exemptions.of_function(definition.node, definition.classes, definition.scope))
            or exemptions.is_left_out(definition, chosen)
            or is_skipped_around(definition, replacements, exemptions.fixtures)
        )

    def _is_exempt_class(self, module: Module, classes: tuple[ast.ClassDef, ...]) -> bool:
        exemptions, _ = self._judges_of(module)
        return bool(exemptions.of_classes(classes, module.class_scopes[classes[-1]]))

    def _judges_of(self, module: Module) -> tuple[Exemptions, Replacements]:
        """What tells of the functions of a file whether they may be slow."""
        known = self._judges.get(module.path)
        if known is None or known[1].module is not module:
            view, replacements = self._view(
                module, module.text, os.path.dirname(module.path), looks_for_sites=False
            )
            known = self._judges[module.path] = (view.exemptions, replacements)
        return known

    def _view(
        self,
        module: Module,
        text: str,
        folder: str,
        known: FileHistory = _UNKNOWN,
        *,
        looks_for_sites: bool = True,
    ) -> tuple[View, Replacements]:
        """What rules get to see of a file, with its sites, and what is replaced in it."""
        top = self.project.top_of(folder)
        conftests = self.project.conftests(folder)
        fixtures = FixtureTable([module, *(each for each in conftests if each.path != module.path)])
        place = Place(module, module.scope, 0, nothing_given)
        left = left_by_hooks(conftests)
        marks = (
            *self._options.slow_marks,
            *marks_asked_for(conftests),
            *registered_as_slow(conftests),
            *left.marks,
        )
        exemptions = Exemptions(module, place, self.project, marks, left.fixtures)
        replacements = Replacements(module, fixtures, self.project)
        sites: list[Site] = []
        if looks_for_sites:
            sites = [*SiteFinder(module, text, fixtures, exemptions, replacements).sites()]
        chosen = self.selection(top) if sites else None
        if chosen is not None and (chosen.marks or chosen.words):
            sites = [site for site in sites if not exemptions.is_left_out(site.definition, chosen)]
        own_packages = self.project.own_packages(top)
        view = View(
            module, text, sites, fixtures, exemptions, self._options, own_packages=own_packages, known=known
        )
        return view, replacements

    def _found(self, view: View, replacements: Replacements) -> list[Finding]:
        """What the rules see in a file, and in the programs in its strings."""

        def view_of(program: ProgramText) -> View:
            module = self.project.make_module(program.tree, program.text, view.module.path)
            return self._view(module, program.text, os.path.dirname(view.module.path))[0]

        found = [view.finding(code, seen) for code in self._codes for seen in rule(code).check(view)]
        return [*found, *findings_in_programs(view, replacements, self._codes, view_of)]

    def _slow_functions(self, module: Module) -> SlowFunctions:
        """The slow functions of a helper file."""
        known = self._slow.get(module.path)
        if known is None:
            self._slow[module.path] = {}  # for helpers that import each other
            view, replacements = self._view(module, module.text, os.path.dirname(module.path))
            shown = self.project.shown(module.path)
            found = [each._replace(file=shown) for each in self._found(view, replacements)]
            known = self._slow[module.path] = slow_functions(module, found, _runs_by_itself(view))
        return known

    def _is_left_out(self, path: str) -> bool:
        """Whether pytest's configuration leaves a file out: that of its project, or of one around it."""
        return any(
            self.selection(top).leaves_out(Path(path).relative_to(top).as_posix())
            for top in self.project.tops_around(os.path.dirname(path))
        )

    def _runs_uncollected(self, path: str, top: str) -> bool:
        """Whether a file that pytest does not collect is run as a program by a test, whatever its functions
        are called.
        """
        return not is_collected(os.path.basename(path), "") and self._is_named_as_script(path, top)

    def _is_no_test_file(self, module: Module, path: str, top: str) -> bool:
        """Whether a file of the package has the name of a test file, but no test."""
        return (
            _NAME_OF_TESTS.match(os.path.basename(path)) is not None
            and outermost_test_folder(path, top) is None
            and not any(is_test_function(each.node) for each in module.definitions)
        )

    def _is_elsewhere(self, path: str) -> bool:
        """Whether a file lies outside the `testpaths` of the innermost project that configures pytest."""
        for top in self.project.tops_around(os.path.dirname(path)):
            selection = self.selection(top)
            if selection.is_configured:
                return selection.is_elsewhere(Path(path).relative_to(top).as_posix())
        return False

    def selection(self, top: str) -> Selection:
        """What the project at `top` leaves out."""
        self.project.note_configuration(top)
        known = self._selections.get(top)
        if known is None:
            known = self._selections[top] = self._selection_of(Path(top))
        return known


def _runs_by_itself(view: View) -> Callable[[ast.AST], bool]:
    """Whether a function is run without being called by name: a test, a fixture, a set-up."""
    fixtures = {fixture.node for fixture in view.fixtures.own()}
    return lambda node: node in fixtures or is_test_function(node) or getattr(node, "name", "") in SETUPS


def _unreached(finding: Finding) -> Finding:
    return finding._replace(
        gate=False,
        confidence=Confidence.LOW,
        message=f"{finding.message}; but no test imports this file, or only those that may be slow",
    )


def _without_tests(finding: Finding) -> Finding:
    return finding._replace(
        gate=False,
        confidence=Confidence.LOW,
        message=f"{finding.message}; but no test stands in this file",
    )


def _elsewhere(finding: Finding) -> Finding:
    return finding._replace(
        gate=False,
        confidence=Confidence.LOW,
        message=f"{finding.message}; but this file lies outside the project's testpaths",
    )


def _used(finding: Finding, use: Use) -> Finding:
    """A finding in a helper that is used so."""
    if use is Use.LIVE or not finding.gate:
        return finding
    name = finding.function
    why = f"nothing calls {name}" if use is Use.IDLE else f"only tests that may be slow use {name}"
    return finding._replace(gate=False, confidence=Confidence.LOW, message=f"{finding.message}; but {why}")


def _broken(broken: Broken, shown: str, text: str) -> Finding:
    lines = text.split("\n")
    source = lines[broken.line - 1] if 0 < broken.line <= len(lines) else ""
    return Finding(
        code=BROKEN_FILE,
        file=shown,
        line=broken.line,
        col=max(1, broken.column),
        call="",
        kind="file",
        confidence=Confidence.HIGH,
        gate=False,
        message=f"this file {broken.reason}",
        source=source,
    )
