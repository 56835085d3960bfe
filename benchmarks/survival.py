"""What is left of a run when its processes are killed, or its disk and its store fail.

    python benchmarks/survival.py [--kills N] [--seed N] [--only kills|faults] [--json FILE]

Kills: a small suite is tracked, and the only process, a worker of pytest-xdist or the controller
is killed with SIGKILL at random moments: while it starts, between and within tests, while it
stores the run. A journal of the suite's own tells which tests had come to their end; the table
says whether all of them are found after the next command (`lapwing runs`, started at once), with
the right outcome. After the death of a worker the run goes on: what pytest reports is compared
with an untracked run whose worker was killed at the same moment.

Faults: full disk, read-only checkout, locked, broken and removed store. Exit code and outcomes
are compared with an untracked run in the same trouble; the warnings are counted; then the
trouble is mended, and the table says how many tests of the run the next command brings home.
Some faults need root, to mount a small disk or to mount the checkout read-only; without it they
are left out with a word.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from child_pytest import write_json
from survival_faults import FAULTS, Endured, endure
from survival_kills import TARGETS, Killed, Killer


def show_kills(killed: Sequence[Killed]) -> None:
    """One line per target."""
    print(
        f"{'killed':14} {'times':>5} {'finished':>8} {'missing':>7} {'wrong':>5} {'recovered':>9} "
        f"{'late':>4} {'named':>7}  as without"
    )
    for target in TARGETS:
        those = [each for each in killed if each.target == target]
        if not those:
            continue
        compared = [each.same_as_untracked for each in those if each.same_as_untracked is not None]
        running = [each.running_named for each in those if each.running_named is not None]
        print(
            f"{target:14} {len(those):5} {sum(each.finished for each in those):8} "
            f"{sum(len(each.missing) for each in those):7} {sum(len(each.wrong) for each in those):5} "
            f"{sum(each.recovered for each in those):5}/{len(those):<3} "
            f"{sum(each.needed_second_command for each in those):4} {sum(running):3}/{len(running):<3}"
            + (f"  {sum(compared)}/{len(compared)}" if compared else "  -")
        )
    print(
        "finished: tests that were over before the kill; missing, wrong: of these, not in the store or with\n"
        "another outcome; recovered: kills after which a command left every finished test in the store;\n"
        "late: of these, where it took a second command; named: kills within a test told as cut short."
    )
    for each in killed:
        for fault in (*each.missing, *each.wrong, *each.complaints):
            print(f"  {each.target} at {each.moment}: {fault}")


def show_faults(endured: Sequence[Endured]) -> None:
    """One line per fault, then what was said."""
    print(
        f"{'fault':32} {'-n':>2} {'exit code':>9} {'outcomes':>8} {'warnings':>8} {'seconds':>7} "
        " taken in later"
    )
    for each in endured:
        print(
            f"{each.fault:32} {each.workers:2} {each.exit_codes[0]:4}/{each.exit_codes[1]:<4} "
            f"{'same' if each.is_same else 'DIFFER':>8} {len(each.warnings):8} {each.wall:7.1f}  "
            f"{each.taken_in} of {each.tests}"
        )
    print("exit code: untracked/tracked; what was said:")
    for each in endured:
        if not each.workers:
            print(f"  {each.fault}:")
            for text in each.warnings:
                print(f"    {text}")
    for each in endured:
        for text in each.complaints:
            print(f"  {each.fault} -n {each.workers}: {text}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--kills", type=int, default=50, metavar="N", help="kills of each process (default: 50)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the random moments (default: 1)")
    parser.add_argument("--only", choices=("kills", "faults"), help="only this half")
    parser.add_argument("--json", metavar="FILE", help="write all results here, too")
    arguments = parser.parse_args()
    killed: list[Killed] = []
    endured: list[Endured] = []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        if arguments.only != "faults":
            killer = Killer(base, arguments.seed)
            for target in TARGETS:
                print(f"  killing: {target}", file=sys.stderr)
                killed += (killer.kill(target, number, arguments.kills) for number in range(arguments.kills))
            show_kills(killed)
        if arguments.only != "kills":
            for fault in FAULTS:
                print(f"  enduring: {fault.name}", file=sys.stderr)
                for workers in (0, 2):
                    found = endure(fault, base, workers)
                    if isinstance(found, str):
                        print(f"{fault.name}: left out, {found}", file=sys.stderr)
                        break
                    endured.append(found)
            show_faults(endured)
    write_json(
        arguments.json,
        {"kills": [each._asdict() for each in killed], "faults": [each._asdict() for each in endured]},
    )


if __name__ == "__main__":
    main()
