"""Find what makes tests slow before they run: real sleeps, processes, requests.

Given a folder, lint looks at every .py below folders named test or tests (and pytest's testpaths), and at
test_*.py, *_test.py and conftest.py; given a file, at that file. Nothing is imported or run. Exit code 1
means that a finding is to be mended; informations alone exit with 0.

examples:
  lapwing lint                              the tests of this project
  lapwing lint tests/test_jobs.py           one file, as a pre-commit hook does
  lapwing lint --diff origin/main           only lines that this branch has changed
  lapwing lint --baseline                   let today's findings through, from now on only new ones fail
  lapwing lint --select LW101,polling-loop
  lapwing lint --per-file 'tests/legacy/**:LW101,LW103'
  lapwing lint --fix                        mend what can be mended without changing a result
  lapwing lint --with-history               dearest first, by what recorded runs lost
  lapwing lint --explain LW101              what a rule sees, why, and what to write instead
  lapwing lint --format sarif --output lint.sarif

A comment lets one place through and says why:
  time.sleep(1)  # lapwing: allow LW101 the device has no clock that could be set
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FOUND, EXIT_OK, ConfigurationError
from lapwing.model.lint_options import LintOptions
from lapwing.units import format_count

if TYPE_CHECKING:
    from lapwing.operations.lint_files import LintOutcome

BASELINE = ".lapwing-lint.json"
FORMATS = ("text", "json", "sarif", "github", "gitlab")


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing lint`."""
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="form of the output")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")
    parser.add_argument("--select", metavar="RULES", help="only these rules: codes, their beginnings, names")
    parser.add_argument("--ignore", metavar="RULES", help="not these rules")
    parser.add_argument(
        "--per-file",
        metavar="GLOB:RULES",
        action="append",
        default=[],
        help="not these rules in files that fit GLOB",
    )
    parser.add_argument("--strict", action="store_true", help="unknown hosts and short sleeps fail too")
    parser.add_argument("--diff", metavar="BASE", help="only lines that differ from this git revision")
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        nargs="?",
        const=BASELINE,
        help=f"let through what stands in FILE (default: {BASELINE}); written where it is missing",
    )
    parser.add_argument("--update-baseline", action="store_true", help="write the baseline file anew")
    parser.add_argument(
        "--with-history",
        action="store_true",
        help="rank by the time that recorded runs lost, and find slow tests without a mark",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="give tests whose code is all in their file a clock of their own in place of time.sleep, "
        "mark other slow tests as slow or integration, and remove comments that allow nothing",
    )
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="like --fix, with such a clock for tests of code elsewhere, too: run them after it",
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="neither read nor write the cache below .lapwing/"
    )
    parser.add_argument("--explain", metavar="RULE", help="explain a rule, and look at no file")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Lint, print, and say by the exit code whether there is something to mend."""
    if arguments.explain:
        return _explain(arguments.explain, desk)
    from lapwing.operations.lint_files import lint_files, new_baseline, without_known

    options = _options(arguments, desk)
    working_folder = Path.cwd()
    history = None
    if arguments.with_history:
        from lapwing.operations.lint_history import lint_history

        history = lint_history(desk.settings, desk.store, working_folder)
    progress = _Progress(desk) if desk.output.is_terminal and arguments.format == "text" else None
    outcome = lint_files(
        arguments.paths or ["."],
        options,
        working_folder=working_folder,
        cache_root=None if arguments.no_cache else desk.settings.root,
        base=arguments.diff,
        history=history,
        progress=progress,
    )
    if progress is not None:
        progress.end()
    if arguments.baseline or arguments.update_baseline:
        file = working_folder / (arguments.baseline or BASELINE)
        compared = None if arguments.update_baseline else without_known(outcome, file)
        if compared is None:
            desk.output.write_or_say(new_baseline(outcome), str(file))
            desk.output.say_aside("from now on only new findings fail; keep this file in git")
            return EXIT_OK
        outcome = compared
    if arguments.fix or arguments.unsafe_fixes:
        from lapwing.operations.fix_files import fix_files

        mended = set(fix_files(outcome.findings, working_folder, is_unsafe=arguments.unsafe_fixes))
        desk.output.say_aside(
            f"mended {format_count(len(mended), 'finding')}; look at the changes before you commit"
        )
        outcome = outcome._replace(findings=tuple(each for each in outcome.findings if each not in mended))
    _show(outcome, arguments, desk)
    return EXIT_FOUND if outcome.fails else EXIT_OK


def _options(arguments: argparse.Namespace, desk: Desk) -> LintOptions:
    """The options of the project, with what the command line says instead."""
    from lapwing.config.lint_table import read_lint_options

    faults: list[ConfigurationError] = []
    options = read_lint_options(desk.settings.lint, root=desk.settings.root, faults=faults)
    for fault in faults:
        desk.output.warn(fault)
    per_file = dict(options.per_file)
    for written in arguments.per_file:
        glob, found, rules = written.rpartition(":")
        if not found or not glob:
            raise ConfigurationError(
                f"{written!r} has no rules",
                where="--per-file",
                mend="Write GLOB:RULES, such as 'tests/old/**:LW101'.",
            )
        per_file[glob] = (*per_file.get(glob, ()), *_words(rules))
    return options._replace(
        select=_words(arguments.select) if arguments.select else options.select,
        ignore=(*options.ignore, *_words(arguments.ignore or "")),
        strict=arguments.strict or options.strict,
        per_file=per_file,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _show(outcome: "LintOutcome", arguments: argparse.Namespace, desk: Desk) -> None:
    if arguments.format == "json":
        import json

        from lapwing.report.findings.plain_json import findings_dict

        desk.output.write_or_say(
            json.dumps(findings_dict(outcome.findings), indent=1) + "\n", arguments.output
        )
    elif arguments.format == "github":
        from lapwing.report.findings.github import github_annotations

        desk.output.write_or_say(github_annotations(outcome.findings), arguments.output)
    elif arguments.format == "gitlab":
        from lapwing.report.findings.gitlab import gitlab_quality

        desk.output.write_or_say(gitlab_quality(outcome.findings), arguments.output)
    elif arguments.format == "sarif":
        from lapwing.operations.lint_rules import all_rules
        from lapwing.report.findings.sarif import sarif

        desk.output.write_or_say(sarif(outcome.findings, all_rules()), arguments.output)
    else:
        from lapwing.operations.lint_rules import rules_of
        from lapwing.report.findings.snippets import snippets, verdict_line

        rules = rules_of(each.code for each in outcome.findings)
        lines = [*snippets(outcome.findings, rules, desk.output.width)]
        lines.append(verdict_line(outcome.findings, outcome.files, outcome.known))
        desk.output.write_or_say("\n".join(lines) + "\n", arguments.output)


def _explain(word: str, desk: Desk) -> int:
    from lapwing.operations.lint_rules import explain_rule

    facts = explain_rule(word)
    desk.output.text(f"{facts.code} {facts.name}: {facts.page}\n")
    return EXIT_OK


class _Progress:
    """Tells a person how far it is, on the line that the answer overwrites."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._files = 0

    def __call__(self, files: int) -> None:
        self._files += files
        self._desk.output.replace_aside(f"{self._files} files")

    def end(self) -> None:
        """Clear the line."""
        self._desk.output.replace_aside("")
