"""How often lint is right on labelled places of public test suites, beside the naive rule.

    python benchmarks/lint_quality.py --sources FOLDER LABELS.json [LABELS.json …]

LABELS is a list of places under `labels`, each with package, version, file, line, kind and whether it
should be flagged. `benchmarks/data/lint/own_labels.json` is ours: places drawn at random by a text search,
labelled by reading the code before lint had seen it. FOLDER holds, or gets with `--fetch`, the source
distributions, unpacked below the package's name: pip downloads each pinned version without what it requires.

The naive rule: a line that a regular expression takes for a call of the kind, in a function without the
words mock and patch.
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from lapwing.model.lint_options import LintOptions
from lapwing.operations.lint_files import lint_files

NAIVE = re.compile(
    r"(?:time|asyncio)\.sleep\(|subprocess\.\w+\(|Popen\(|os\.system\(|requests\.(?:get|post|put|delete|head|[Ss]ession)\(|"
    r"urlopen\(|httpx\.\w+\(|HTTPS?Connection\("
)
KINDS = ("sleep", "subprocess", "http", "socket")


def fetch(package: str, version: str, folder: Path) -> None:
    """Download one source distribution and unpack it as `folder`."""
    with tempfile.TemporaryDirectory() as place:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", package]
        subprocess.run([*pip, "--dest", place, f"{package}=={version}"], check=True)
        archive = next(Path(place).iterdir())
        unpacked = Path(place, "unpacked")
        if archive.suffix == ".zip":
            zipfile.ZipFile(archive).extractall(unpacked)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(unpacked, filter="data")
        next(unpacked.iterdir()).rename(folder)


def naive_flags(lines: list[str], line: int) -> bool:
    """What the naive rule says of one line."""
    if not NAIVE.search(lines[line - 1]):
        return False
    start = line - 1
    while start and not re.match(r"\s*(?:async )?def |class ", lines[start]):
        start -= 1
    end = line
    while end < len(lines) and not re.match(r"\s*(?:async )?def |class ", lines[end]):
        end += 1
    return not re.search(r"mock|patch", "\n".join(lines[start:end]), re.IGNORECASE)


def judged(labels: list[dict[str, Any]], sources: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """Counts of right and wrong by rule and kind, and the places where lint was wrong."""
    counts: dict[str, Counter[str]] = {"lint": Counter(), "naive": Counter()}
    wrong = []
    flagged: dict[str, set[int]] = {}
    for label in labels:
        folder = sources / label["package"]
        path = folder / label["file"]
        if str(path) not in flagged:
            found = lint_files([label["file"]], LintOptions(), working_folder=folder).findings
            flagged[str(path)] = {each.line for each in found if each.gate}
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        expected = bool(label["expected_flag"])
        for rule, got in (
            ("lint", label["line"] in flagged[str(path)]),
            ("naive", naive_flags(lines, label["line"])),
        ):
            word = ("true" if got == expected else "false") + ("+" if got else "-")
            counts[rule][f"{label['kind']} {word}"] += 1
            if rule == "lint" and got != expected:
                wrong.append(f"{word} {label['package']} {label['file']}:{label['line']} {label['reason']}")
    return counts, wrong


def share(part: int, whole: int) -> str:
    """A share as text, or a dash where there is nothing to divide."""
    return f"{part / whole:.2f}" if whole else "–"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--sources", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--fetch", action="store_true", help="download what FOLDER lacks")
    arguments = parser.parse_args()
    for file in arguments.labels:
        labels = json.loads(file.read_text())["labels"]
        for package, version in sorted({(each["package"], each["version"]) for each in labels}):
            if arguments.fetch and not (arguments.sources / package).exists():
                fetch(package, version, arguments.sources / package)
        labels = [each for each in labels if (arguments.sources / each["package"] / each["file"]).exists()]
        counts, wrong = judged(labels, arguments.sources)
        print(f"\n{file.name}: {len(labels)} places in {len({each['package'] for each in labels})} packages")
        print("rule   kind        precision  recall   true+ false+ false-")
        for rule, seen in counts.items():
            for kind in (*KINDS, "all"):
                kinds = KINDS if kind == "all" else (kind,)
                good, bad, missed = (
                    sum(seen[f"{each} {word}"] for each in kinds) for word in ("true+", "false+", "false-")
                )
                shares = f"{share(good, good + bad):>9}  {share(good, good + missed):>6}"
                row = f"{shares}  {good:>6} {bad:>6} {missed:>6}"
                print(f"{rule:6} {kind:10} {row}")
        print(*wrong, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
