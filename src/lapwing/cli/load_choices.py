"""What `lapwing load` and `lapwing stress` take alike, and how they show what comes of it."""

import argparse
import re
from pathlib import Path
from typing import Any, Final

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import (
    EXIT_FOUND,
    EXIT_OK,
    ConfigurationError,
    LoadError,
    UnreadableFileError,
)
from lapwing.model.load import LoadResult
from lapwing.operations.judging.loads import judge_load
from lapwing.operations.load import (
    LOAD_KEYS,
    STRESS_KEYS,
    Tick,
    load_endpoint,
    load_locustfile,
    stress_endpoint,
)
from lapwing.operations.load_store import keep_load, kept_loads
from lapwing.report.notice import Level
from lapwing.report.page import Page
from lapwing.report.pages.gate_notices import breach_notice
from lapwing.report.pages.load import load_page, load_text
from lapwing.report.pages.loads import loads_page
from lapwing.units import format_duration

_EXIT_INTERRUPTED: Final = 130
_FLAGS: Final = {
    "concurrent_users": "users",
    "arrival_rate": "rate",
    "duration_seconds": "duration",
    "ramp_up_seconds": "ramp",
    "timeout_seconds": "timeout",
    "worker_wait_seconds": "worker-wait",
    "initial_load": "from",
    "max_load": "to",
    "step_size": "step",
    "load_unit": "unit",
}
"""Keys of a config and the flags that set them, where these have another name."""
_KEYS: Final = frozenset((*LOAD_KEYS, *STRESS_KEYS))
_KEY: Final = rf"\b({'|'.join(key for key in _KEYS if '_' in key)})\b"


def declare_load(parser: argparse.ArgumentParser) -> None:
    """Arguments about the target, its limits and the processes that make the load."""
    parser.add_argument(
        "target", nargs="?", metavar="TARGET", help="a URL, a path below the base_url, or a locustfile.py"
    )
    request = parser.add_argument_group("request")
    request.add_argument("--method", default="GET", help="method of the request (default: GET)")
    request.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="a header; may be repeated"
    )
    request.add_argument("--body", metavar="TEXT", help="body of the request, or @FILE")
    request.add_argument("--host", metavar="URL", default="", help="host for users of a locustfile")
    request.add_argument(
        "--timeout", dest="timeout_seconds", metavar="TIME", help="patience for one answer (default: 30s)"
    )
    limits = parser.add_argument_group("limits")
    limits.add_argument("--max-p95", metavar="TIME", help="p95 over it is not held; a number is milliseconds")
    limits.add_argument("--max-failures", metavar="SHARE", help="share of failures not held (default: 2%%)")
    where = parser.add_argument_group("who makes the load")
    where.add_argument(
        "--processes", type=positive, metavar="N", help="processes of this machine (default: 1)"
    )
    where.add_argument(
        "--workers",
        metavar="HOST,...",
        help="also start a worker on each of these machines, by ssh; they need Locust. Private networks "
        "only: workers of Locust are not authenticated",
    )
    where.add_argument(
        "--expect-workers",
        type=int,
        metavar="N",
        help="wait for N workers of an existing cluster: locust -f - --worker --master-host THIS",
    )
    where.add_argument("--bind", metavar="ADDRESS", help="address of this machine that workers connect to")
    where.add_argument("--port", type=int, metavar="N", help="its port (default: any)")
    where.add_argument("--master", metavar="NAME", help="by which name workers reach this machine")
    where.add_argument(
        "--worker-command",
        metavar="COMMAND",
        help="starts a worker; {host}, {master} and {port} are filled in (default: ssh)",
    )
    where.add_argument(
        "--worker-wait",
        dest="worker_wait_seconds",
        metavar="TIME",
        help="how long to wait for workers (default: 60s)",
    )
    parser.add_argument("--name", help="name to keep the result under (default: method and path)")
    parser.add_argument(
        "--i-own-this-target",
        action="store_true",
        help="load an address that is neither this machine nor a private test host of the configuration",
    )
    parser.add_argument("--no-store", action="store_true", help="do not keep the result")
    parser.add_argument(
        "--list", action="store_true", help="show the results that were kept, of --name or all; load nothing"
    )
    declare_format(parser, "markdown")


def run_load(arguments: argparse.Namespace, desk: Desk, *, is_stress: bool) -> int:
    """Play the load, keep and show what came of it."""
    if arguments.list:
        return _list(arguments, desk)
    if arguments.target is None:
        raise ConfigurationError(
            "there is no TARGET", where="command line", mend="Name a URL, or write --list for what was kept."
        )
    keys = STRESS_KEYS if is_stress else LOAD_KEYS
    config = {key: value for key, value in vars(arguments).items() if key in keys and value is not None}
    try:
        result = _play(arguments, desk, config, is_stress=is_stress)
    except ConfigurationError as error:
        raise _about_flags(error) from error
    except LoadError as error:
        if isinstance(error.result, LoadResult) and error.result.steps:
            _show(error.result, arguments, desk)
        raise
    _show(result, arguments, desk)
    if not result.is_complete:
        return _EXIT_INTERRUPTED
    broken = judge_load(desk.settings, result)
    for each in broken:
        desk.output.say_aside(breach_notice(each, Level.ERROR).message)
    return EXIT_OK if result.performance_summary.can_handle_load and not broken else EXIT_FOUND


def _about_flags(error: ConfigurationError) -> ConfigurationError:
    """`error` of a config, with the flags that people wrote in place of its keys."""
    of_config = re.match("(load|stress) (config|endpoint) ?", error.where)
    where = error.where[of_config.end() :] if of_config else error.where
    if of_config is None and where not in _KEYS:
        return error

    def told(text: str) -> str:
        return re.sub(_KEY, lambda key: _flag(key[0]), text)

    return ConfigurationError(
        told(error.what), where=_flag(where) if where else "command line", mend=told(error.mend)
    )


def _flag(key: str) -> str:
    return "--" + _FLAGS.get(key, key.replace("_", "-"))


def _list(arguments: argparse.Namespace, desk: Desk) -> int:
    loads = [] if desk.store_if_any is None else kept_loads(desk.settings, desk.store_if_any, arguments.name)
    if arguments.format == "json":
        from lapwing.model.load_codec import FORMAT_VERSION, stored_load_dict

        desk.output.json({"format_version": FORMAT_VERSION, "loads": [*map(stored_load_dict, loads)]})
    else:
        _show_page(loads_page(loads), arguments, desk)
    return EXIT_OK


def _play(
    arguments: argparse.Namespace, desk: Desk, config: dict[str, Any], *, is_stress: bool
) -> LoadResult:
    def on_tick(tick: Tick) -> None:
        desk.output.progress(tick_line(tick))

    target = arguments.target
    if target.endswith(".py"):
        return load_locustfile(
            desk.settings, Path(target), arguments.host, config, is_stress=is_stress, on_tick=on_tick
        )
    if "://" not in target and not target.startswith("/"):
        target = f"http://{target}"
    endpoint: dict[str, Any] = {"path": target, "method": arguments.method, "headers": _headers(arguments)}
    if arguments.body is not None:
        endpoint["body"] = _body(arguments.body)
    play = stress_endpoint if is_stress else load_endpoint
    return play(desk.settings, endpoint, config, on_tick=on_tick)


def tick_line(tick: Tick) -> str:
    """One second of the test in one line."""
    load = load_text(tick.load, tick.unit)
    if tick.is_ramp:
        return f"{load}: {tick.users} users are there"
    p95 = "–" if tick.p95_ns is None else format_duration(tick.p95_ns)
    failures = f", {tick.failures} failed" if tick.failures else ""
    return f"{load}: {tick.answered_rps:.0f}/s, p95 {p95}{failures}, {tick.in_flight} under way"


def _headers(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    pairs = []
    for written in arguments.header:
        name, colon, value = written.partition(":")
        if not colon:
            raise ConfigurationError(
                f"{written!r} has no colon", where="--header", mend="Write --header 'Accept: text/html'."
            )
        pairs.append((name.strip(), value.strip()))
    return pairs


def _body(written: str) -> str | bytes:
    if not written.startswith("@"):
        return written
    try:
        return Path(written[1:]).read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read: {error}", where=written[1:], mend="Name another file after @."
        ) from error


def _show(result: LoadResult, arguments: argparse.Namespace, desk: Desk) -> None:
    before = None
    if not arguments.no_store and result.steps:
        before = keep_load(desk.settings, result, environ=desk.environ)
    if arguments.format == "json":
        from lapwing.model.load_codec import load_dict

        desk.output.json(load_dict(result))
    else:
        _show_page(load_page(result, before), arguments, desk)


def _show_page(page: Page, arguments: argparse.Namespace, desk: Desk) -> None:
    if arguments.format == "markdown":
        from lapwing.report.render.markdown import render_markdown

        desk.output.text(render_markdown(page))
    else:
        desk.output.page(page)
