"""How often lint is right on labelled places of public test suites, beside the naive rule.

    python benchmarks/lint_quality.py --sources FOLDER LABELS.json [LABELS.json …]

LABELS is a list of places under `labels`, each with package, version, file, line, kind and whether it
should be flagged; the kind `function` is a whole test drawn at random, `line` to `end_line`. Those in
`benchmarks/data/lint` are ours: places drawn at random by a text search, labelled by reading the code before
lint had seen it. FOLDER holds, or gets with `--fetch`, the source
distributions, unpacked below the package's name: pip downloads each pinned version without what it requires.

Beside it stand rules of ruff that claim the same, where ruff is installed: `ruff` is ASYNC (blocking calls in
coroutines), S113 (requests without a timeout), S310 (urlopen) and S602 to S607 (processes); `ruff banned` is
TID251 with a list of the calls. With `--flake8 COMMAND`, a flake8 that has its plugins beside it: `flake8` is
ASYNC2 of flake8-async, S310 and S602 to S607 of flake8-bandit and TIM100 of flake8-timeout, `flake8 sleep` is
SLP100 of flake8-sleep and CS001 of flake8-qa-style. semgrep's rules come from a server.

The naive rule: a line that a regular expression takes for a call of the kind, in a function without the
words mock and patch.
"""

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from lapwing.model.lint_options import LintOptions
from lapwing.operations.lint_files import lint_files

NAIVE = re.compile(
    r"(?:time|asyncio)\.sleep\(|subprocess\.\w+\(|Popen\(|os\.system\(|requests\.(?:get|post|put|delete|head|[Ss]ession)\(|"
    r"urlopen\(|httpx\.\w+\(|HTTPS?Connection\("
)
BANNED: Final = (
    "time.sleep",
    "asyncio.sleep",
    "anyio.sleep",
    "trio.sleep",
    "gevent.sleep",
    "eventlet.sleep",
    "tornado.gen.sleep",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.Popen",
    "os.system",
    "os.popen",
    "os.fork",
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "psutil.Popen",
    "pexpect.spawn",
    "multiprocessing.Process",
    "requests.get",
    "requests.post",
    "requests.put",
    "requests.delete",
    "requests.head",
    "requests.request",
    "requests.Session",
    "httpx.get",
    "httpx.post",
    "httpx.Client",
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
    "urllib.request.urlopen",
    "urllib3.PoolManager",
    "http.client.HTTPConnection",
    "socket.create_connection",
)
RUFF: Final = {
    "ruff": ["--select", "ASYNC,S113,S310,S602,S603,S604,S605,S606,S607"],
    "ruff banned": [
        "--select",
        "TID251",
        "--config",
        "lint.flake8-tidy-imports.banned-api = {"
        + ", ".join(f'"{name}" = {{ msg = "" }}' for name in BANNED)
        + "}",
    ],
}
FLAKE8: Final = {"flake8": "ASYNC2,S310,S602,S603,S604,S605,S606,S607,TIM100", "flake8 sleep": "SLP100,CS001"}
KINDS = ("sleep", "subprocess", "http", "socket", "function", "string")


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


def ruff_lines(options: list[str], paths: list[Path]) -> dict[str, set[int]]:
    """The lines of each of the files at `paths` that ruff names with `options`."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero"]
    said = subprocess.run(
        [*command, "--output-format", "json", *options, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, set[int]] = {}
    for each in json.loads(said.stdout):
        found.setdefault(each["filename"], set()).add(each["location"]["row"])
    return found


def flake8_lines(command: str, select: str, paths: list[Path]) -> dict[str, set[int]]:
    """The lines of each of the files at `paths` that flake8 names with the rules of `select`."""
    options = ["--isolated", "--disable-noqa", "-j1", f"--select={select}", "--format=%(path)s:%(row)d"]
    said = subprocess.run(
        [command, *options, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,  # 1 where something was found
    )
    found: dict[str, set[int]] = {}
    for line in said.stdout.splitlines():
        path, _, row = line.rpartition(":")
        if row.isdigit():
            found.setdefault(path, set()).add(int(row))
    return found


def judged(
    labels: list[dict[str, Any]], sources: Path, flake8: str | None
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Counts of right and wrong by rule and kind, and the places where lint was wrong."""
    rivals: dict[str, Callable[[list[Path]], dict[str, set[int]]]] = {}
    if importlib.util.find_spec("ruff") is not None:
        rivals = {name: partial(ruff_lines, options) for name, options in RUFF.items()}
    if flake8 is not None:
        rivals |= {name: partial(flake8_lines, flake8, select) for name, select in FLAKE8.items()}
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("lint", "naive", *rivals)}
    wrong = []
    flagged: dict[str, set[int]] = {}
    paths = sorted({(sources / label["package"] / label["file"]).absolute() for label in labels})
    by_rival = {name: lines_of(paths) for name, lines_of in rivals.items()}
    for label in labels:
        folder = sources / label["package"]
        path = (folder / label["file"]).absolute()
        if str(path) not in flagged:
            found = lint_files([label["file"]], LintOptions(), working_folder=folder).findings
            flagged[str(path)] = {each.line for each in found if each.gate}
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        expected = bool(label["expected_flag"])
        span = range(label["line"], label.get("end_line", label["line"]) + 1)
        for rule, got in (
            ("lint", not flagged[str(path)].isdisjoint(span)),
            ("naive", any(naive_flags(lines, line) for line in span)),
            *((name, not found.get(str(path), set()).isdisjoint(span)) for name, found in by_rival.items()),
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
    parser.add_argument("--flake8", metavar="COMMAND", help="a flake8 with plugins, to compare with")
    arguments = parser.parse_args()
    for file in arguments.labels:
        labels = json.loads(file.read_text())["labels"]
        for package, version in sorted({(each["package"], each["version"]) for each in labels}):
            if arguments.fetch and not (arguments.sources / package).exists():
                fetch(package, version, arguments.sources / package)
        labels = [each for each in labels if (arguments.sources / each["package"] / each["file"]).exists()]
        counts, wrong = judged(labels, arguments.sources, arguments.flake8)
        print(f"\n{file.name}: {len(labels)} places in {len({each['package'] for each in labels})} packages")
        print("rule         kind        precision  recall   true+ false+ false-")
        for rule, seen in counts.items():
            for kind in (*KINDS, "all"):
                kinds = KINDS if kind == "all" else (kind,)
                good, bad, missed = (
                    sum(seen[f"{each} {word}"] for each in kinds) for word in ("true+", "false+", "false-")
                )
                shares = f"{share(good, good + bad):>9}  {share(good, good + missed):>6}"
                row = f"{shares}  {good:>6} {bad:>6} {missed:>6}"
                print(f"{rule:12} {kind:10} {row}")
        print(*wrong, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
