"""The word filter: which files are worth parsing, and which of their lines worth a look. Pure.

Most test files have nothing that any rule looks for. Finding that out by words costs a twentieth of
parsing them, and functions without such a line are not walked.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from math import inf
from typing import AnyStr, Final

from lapwing.lint.rare_packages import has_event_nobody_sets

_FILE_WORDS: Final = (
    ("sleep", ("sleep",)),
    ("process", ("subprocess", "multiprocess", "ptyprocess", "to_process")),
    ("spawn", ("spawn(", "os.spawn", "posix_spawn")),
    ("open", ("Popen", "popen", "urlopen", "open_connection", "build_opener")),
    ("Process", ("Process(", "Process)", "ProcessPool", "getProcess")),
    ("os.", ("os.system", "os.fork")),
    ("pexpect", ("pexpect",)),
    ("import pty", ("import pty",)),
    ("url", ("urlretrieve", "urllib3")),
    ("httpx", ("httpx",)),
    ("aiohttp", ("aiohttp",)),
    ("HTTP", ("HTTPConnection", "HTTPSConnection")),
    ("plib", ("httplib2", "smtplib", "ftplib", "imaplib", "poplib")),
    ("telnetlib", ("telnetlib",)),
    ("runpy", ("runpytest_", "runpython")),
    (".run(", ("pytester.run(", "testdir.run(")),
    ("run_c", ("run_cmd", "run_command")),
    ("check_", ("check_output(", "check_call(")),
    ("script_helper", ("script_helper",)),
    ("deferLater", ("deferLater",)),
    ("delegator", ("delegator",)),
    (" invoke", ("import invoke", "from invoke")),
    ("tenacity", ("tenacity",)),
    ("backoff", ("backoff",)),
    ("Retry(", ("Retry(",)),
    ("lapwing:", ("lapwing:",)),
    ("LW1", ("LW1",)),
)
"""What a known call is told by: words, each group with a part that stands in all of them. Where the part is
missing, none of them is looked for: one pass over the text in place of several.
"""

_FIXTURE_WORDS: Final = (
    *("docker", "testcontainers", "create_all", "Server(", "make_server", "start_server"),
    *("read_csv", "read_parquet", "read_table", "open_dataset", "np.load", "numpy.load", "np.genfromtxt"),
)
"""Words of what only fixtures are asked about."""

_IMPORTED_WORDS: Final = ("quests", "socket", "resolver")
"""Ends of the names of modules, of requests and niquests for one; as other words they stand in many a
file.
"""

_IMPORTED: Final = re.compile(
    rf"(?:import|from)[^\n]*(?:{'|'.join(_IMPORTED_WORDS)})|['\"](?:(?:ni)?requests|socket)['\"]"
)
_LINE_WORDS: Final = (
    ("sleep", ("sleep",)),
    ("open", ("open",)),
    ("process", ("ubprocess", "run_process", "to_process")),
    ("Process", ("Process",)),
    ("ultiproc", ("ultiproc",)),
    ("spawn", ("os.spawn", "posix_spawn")),
    ("os.", ("os.system", "os.fork")),
    ("pty.", ("pty.",)),
    ("pexpect", ("pexpect",)),
    ("url", ("urlretrieve", "urllib")),
    ("quests.", ("quests.",)),  # requests and niquests
    ("httpx", ("httpx",)),
    ("aiohttp", ("aiohttp",)),
    ("HTTP", ("HTTPConnection", "HTTPSConnection")),
    ("plib", ("httplib", "smtplib", "ftplib", "imaplib", "poplib")),
    ("telnetlib", ("telnetlib",)),
    ("socket", ("socket",)),
    ("resolver", ("resolver",)),
    ("run_c", ("run_cmd", "run_command")),
    ("check_", ("check_output", "check_call")),
    ("_python", ("assert_python_", "run_python_until", "spawn_python")),
    ("deferLater", ("deferLater",)),
    ("delegator", ("delegator",)),
    ("create_connection", ("create_connection",)),
    ("getaddrinfo", ("getaddrinfo",)),
    ("runpytest_", ("runpytest_",)),
    ("pytester.", ("pytester.",)),
    ("testdir.", ("testdir.",)),
)
"""The same for single lines."""

_HTTP_WORDS: Final = ("quests", "httpx", "aiohttp", "urllib3", "httplib2")
_VERBS: Final = (
    ".get(",
    ".post(",
    ".put(",
    ".patch(",
    ".delete(",
    ".head(",
    ".options(",
    ".request(",
    ".stream(",
    ".send(",
)


_WAITS: Final = (".join()", ".wait()", ".get()", ".acquire()")
CLOCKS: Final = ("perf_counter", "monotonic", "time.time()", "default_timer")
"""One of these stands in each line that looks at a clock."""

_STACKED: Final = re.compile(r"[)\]]\n[ \t]*@[\w.]*parametrize|parametrize\([^\n]*range\(\d{3}")
"""A parametrize right below another decorator, or over a long range: alone, a list would be as long as the
file.
"""

_LITERAL: Final = re.compile(
    r"""\s*(?:"[^"\n]*"|'[^'\n]*'|\([^()]*\)|\[[^\[\]]*\])\s*,\s*(?:argvalues\s*=\s*)?[\[(]"""
)
"""The names that a parametrize gives values, and the beginning of a list of these."""

_MAKERS: Final = ("range(", "product(", " for ")
"""What makes a list longer than it is written."""

_FIXTURE: Final = re.compile(r"@[\w. ]*fixture")
_LIMIT: Final = re.compile(r"assert\b[^\n]*(?:[<>]|[(\[,\\]\n)|assertLess")


def is_worth_parsing(text: str, max_cases: float = inf) -> bool:
    """Whether any word that a rule looks for stands in `text`. Stacked parametrizes count where they may make
    more than `max_cases` cases of a test.
    """
    for part, words in _FILE_WORDS:
        if part in text:
            for word in words:
                if word in text:
                    return True
    if any(word in text for word in _IMPORTED_WORDS) and _IMPORTED.search(text):
        return True
    if "fixture" in text and any(word in text for word in _FIXTURE_WORDS) and _FIXTURE.search(text):
        return True
    if "threading" in text or "queue" in text:
        return any(word in text for word in _WAITS) or has_event_nobody_sets(text)
    if "parametrize" in text and _STACKED.search(text) and _may_explode(text, max_cases):
        return True
    return "assert" in text and any(clock in text for clock in CLOCKS) and _LIMIT.search(text) is not None


def _may_explode(text: str, max_cases: float) -> bool:
    """Whether the lists above some function, told by their commas, may be that many cases together."""
    cases, decorators = 1.0, 0
    for piece in text.split("parametrize(")[1:]:
        given, function, _ = piece.partition("def ")
        is_made = any(maker in given for maker in _MAKERS)
        cases *= given.count(",") if _LITERAL.match(given) and not is_made else inf
        decorators += 1
        if cases > max_cases and (decorators > 1 or is_made):
            return True
        if function:
            cases, decorators = 1.0, 0
    return False


def interesting_lines(text: str, more_words: Iterable[str] = ()) -> list[int]:
    """Numbers of the lines, from 1 and ascending, with a word of known calls or one of `more_words`."""
    words = {*more_words}
    for part, group in _LINE_WORDS:
        if part in text:
            words.update(group)
    if any(word in text for word in _HTTP_WORDS):
        words.update(_VERBS)
    if "multiproc" in text:
        words.add(".Pool")
    if "socket" in words:
        words.add(".connect")
    return lines_with(text, words)


def lines_with(text: str, words: Iterable[str]) -> list[int]:
    """Numbers of the lines, from 1 and ascending, in which one of `words` stands."""
    # One pass per word at the speed of memory is five times faster than one regular expression of all.
    places: set[int] = set()
    find = text.find
    for word in words:
        at = find(word)
        while at >= 0:
            places.add(at)
            at = find("\n", at)
            if at >= 0:
                at = find(word, at)
    lines: list[int] = []
    line, last = 1, 0
    count = text.count
    for at in sorted(places):
        line += count("\n", last, at)
        last = at
        if not lines or lines[-1] != line:
            lines.append(line)
    return lines


def has_word(text: AnyStr, word: AnyStr) -> bool:
    """Whether `word` stands in `text` as a whole word."""
    # Going from find to find takes a hundredth of what a regular expression with \b takes.
    joining = "_" if isinstance(text, str) else b"_"
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        around = (text[max(0, at - 1) : at], text[end : end + 1])
        if not any(each.isalnum() or each == joining for each in around):
            return True
        at = text.find(word, end)
    return False


def has_line_between(lines: list[int], first: int, last: int) -> bool:
    """Whether one of the ascending `lines` lies in `first`..`last`, both included."""
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= last
