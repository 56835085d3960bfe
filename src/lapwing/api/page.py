"""How fast a page is for people: `page_performance_test`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from lapwing.api.place import keep, running_test
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.perftest.benchmark import SOURCE
from lapwing.perftest.limits import PerformanceLimitError
from lapwing.perftest.page import LOADS, SETTLE_MS, PageLoad, is_async_page, measure_page, run_now
from lapwing.perftest.results import Result
from lapwing.stats.median import median
from lapwing.units import NS_PER_MS, NS_PER_S, format_duration, format_size, parse_duration, parse_size

_TIMES: Final = ("ttfb", "fcp", "lcp", "inp", "load")
_MB: Final = 1_000_000
_MS_PER_S: Final = 1_000


class PageResult(Result):
    """Medians over the loads. Seconds, MB (10^6 bytes); None for what never happened."""

    url: str
    ttfb: float  # first byte
    fcp: float | None  # first contentful paint
    lcp: float | None  # largest contentful paint
    cls: float  # cumulative layout shift
    inp: float | None  # slowest interaction until the next paint
    load: float  # end of the load event
    requests: float
    bytes: float  # MB transferred
    loads: tuple[PageLoad, ...]  # raw, times in milliseconds


def page_performance_test(
    page: Any,
    url: str,
    *,
    loads: int = LOADS,
    budgets: Mapping[str, str | float] | None = None,
    interact: Callable[[Any], Any] | None = None,
    name: str | None = None,
    settle_ms: float = SETTLE_MS,
) -> Any:
    """Load `url` several times in the browser of Playwright's `page`; the result is a `PageResult`.

    Each load has a fresh context, the first does not count, and medians are judged. `budgets` are by name:
    `{"lcp": "2.5s", "cls": 0.1, "requests": 40, "bytes": "1MB"}`; a number is milliseconds of a time.
    `interact` gets each loaded page, to click for `inp`. With a page of the asynchronous API the result is to
    be awaited. Raises AssertionError over a budget, and where what has one was not seen, when the result is
    kept; ValueError for a budget of something that is not measured; RemoteError where the answer has a status
    of 400 or more.
    """
    __tracebackhide__ = True
    limits = {key: _limit(key, value) for key, value in (budgets or {}).items()}
    shown = name or urlsplit(url).path or "/"
    measuring = measure_page(page, url, loads=loads, interact=interact, settle_ms=settle_ms)
    if not is_async_page(page):
        return _told(run_now(measuring), url, shown, limits)

    async def told() -> PageResult:
        return _told(await measuring, url, shown, limits)

    return told()


def _told(loads: Sequence[PageLoad], url: str, name: str, limits: Mapping[str, float]) -> PageResult:
    __tracebackhide__ = True
    middle: dict[str, float | None] = {}
    for field in PageLoad._fields:
        known = [float(value) for each in loads if (value := getattr(each, field)) is not None]
        middle[field] = median(known)
        if known:
            keep([_record(name, field, known)])
    broken = [
        f"{field} {_is_text(field, value)} (limit: {_text(field, limit)})"
        for field, limit in limits.items()
        if (value := middle[field]) is None or value > limit
    ]
    if broken:
        count = "1 load" if len(loads) == 1 else f"{len(loads)} loads"
        raise PerformanceLimitError(f"{name}: {', '.join(broken)}, median of {count}")
    in_seconds = {field: _seconds(middle[field]) for field in _TIMES}
    return PageResult(
        url=url,
        ttfb=in_seconds["ttfb"] or 0.0,
        fcp=in_seconds["fcp"],
        lcp=in_seconds["lcp"],
        cls=middle["cls"] or 0.0,
        inp=in_seconds["inp"],
        load=in_seconds["load"] or 0.0,
        requests=middle["requests"] or 0.0,
        bytes=(middle["bytes"] or 0.0) / _MB,
        loads=tuple(loads),
    )


def _record(name: str, field: str, values: Sequence[float]) -> BenchmarkRecord:
    unit = Unit.NS if field in _TIMES else Unit.BYTES if field == "bytes" else Unit.COUNT
    scale = NS_PER_MS if field in _TIMES else 1
    return BenchmarkRecord(
        name=name,
        nodeid=running_test(),
        source=SOURCE,
        unit=unit.value,
        samples=tuple(value * scale for value in values),
        warmup=1,
        metric=field,
    )


def _limit(field: str, written: str | float) -> float:
    """A budget in the unit of `PageLoad`."""
    if field not in PageLoad._fields:
        raise ValueError(f"{field!r} is not measured; there are {', '.join(PageLoad._fields)}")
    if field in _TIMES:
        return parse_duration(written, bare_unit="ms", where=f"budget of {field}") / NS_PER_MS
    if isinstance(written, str) and field == "bytes":
        return float(parse_size(written, where=f"budget of {field}"))
    try:
        return float(written)
    except ValueError:
        raise ValueError(f"budget of {field}: {written!r} is not a number") from None


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / _MS_PER_S


def _is_text(field: str, value: float | None) -> str:
    if value is not None:
        return f"is {_text(field, value)}"
    return "was not seen" + (": nothing that interact did was one" if field == "inp" else "")


def _text(field: str, value: float) -> str:
    if field in _TIMES:
        return format_duration(value * NS_PER_S / _MS_PER_S)
    return format_size(value) if field == "bytes" else f"{value:g}"
