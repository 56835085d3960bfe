"""How many tests of a real Django application have an N+1, by our rule and by those of others?

    python benchmarks/n_plus_one_suites.py --python PATH --root CHECKOUT --settings SETTINGS TESTS...

PATH is an interpreter with Lapwing, pytest-django, django-zeal, nplusone and what the application needs,
CHECKOUT the application's own, whose tests are run once per tool, each test watched by itself. Nothing is
known of what is right here: told is who flags which tests and how many places, and with --list where, so that
one can look.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

TOOLS = ("lapwing", "django-zeal", "nplusone")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", required=True)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--settings", required=True)
    parser.add_argument("--list", action="store_true", help="also the places, with the tests that pass them")
    parser.add_argument("tests", nargs="+", help="what pytest is given")
    arguments = parser.parse_args()
    found = {tool: watched(tool, arguments) for tool in TOOLS}
    print(f"{'tool':14}{'tests flagged':>16}{'of them by Lapwing':>20}{'places':>9}")
    for tool, by_test in found.items():
        places = Counter(place for told in by_test.values() for place in told)
        both = len(by_test.keys() & found["lapwing"].keys())
        print(f"{tool:14}{len(by_test):>16}{both:>20}{len(places):>9}")
        if arguments.list:
            for place, tests in places.most_common():
                print(f"    {tests:>4} {place}")


def watched(tool: str, arguments: argparse.Namespace) -> dict[str, set[str]]:
    """The tests that `tool` flags, with lines of the application."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "found.jsonl")
        out.touch()
        variables = {
            "DJANGO_SETTINGS_MODULE": arguments.settings,
            "N_PLUS_ONE_BY": tool,
            "N_PLUS_ONE_ROOT": str(arguments.root.absolute()),
            "N_PLUS_ONE_TO": str(out),
            "PYTHONPATH": f"{arguments.root.absolute()}{os.pathsep}{Path(__file__).parent}",
        }
        options = ["-q", "-p", "no:cacheprovider", "-p", "n_plus_one_watch", "-o", "python_files=test*.py"]
        done = subprocess.run(
            [arguments.python, "-m", "pytest", *options, *arguments.tests],
            cwd=arguments.root,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        print(f"{tool}: {done.stdout.strip().rpartition(chr(10))[2]}")
        rows = [json.loads(line) for line in out.read_text().splitlines()]
    return {row["test"]: {place.split(" ")[0] for place in row["found"]} for row in rows}


if __name__ == "__main__":
    main()
