"""How fast a page is in a browser that Playwright drives: several loads, each in a fresh context.

Nothing of Playwright is imported: the caller's page leads to its browser. Pages of its synchronous and of its
asynchronous API have the same methods; here all of them are awaited, and a coroutine that never waits is run
to its end by one step.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from lapwing.errors import RemoteError
from lapwing.model.value import Value

_T = TypeVar("_T")

LOADS: Final = 5
SETTLE_MS: Final = 100.0
_ERRORS_FROM: Final = 400

_WATCH: Final = """
(() => {
  const seen = (window.__lapwing = {lcp: null, cls: 0, inp: null});
  const watch = (type, take, more) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(take))
        .observe({type, buffered: true, ...more});
    } catch (error) { /* a browser that does not know this kind of entry */ }
  };
  watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
  watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
  const react = (entry) => { seen.inp = Math.max(seen.inp || 0, entry.duration); };
  watch("first-input", react);  // told however short it was; others from 16 ms on
  watch("event", (entry) => { if (entry.interactionId) react(entry); }, {durationThreshold: 16});
})()
"""
_READ: Final = """
() => {
  const page = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const resources = performance.getEntriesByType("resource");
  const bytes = resources.reduce((sum, each) => sum + each.transferSize, page.transferSize);
  return {
    ttfb: page.responseStart, fcp: paint ? paint.startTime : null, load: page.loadEventEnd,
    requests: resources.length + 1, bytes, ...window.__lapwing,
  };
}
"""


class PageLoad(Value):
    """One load of a page. Times in milliseconds since the navigation began, None for what never happened."""

    ttfb: float  # first byte
    fcp: float | None  # first contentful paint
    lcp: float | None  # largest contentful paint
    cls: float  # cumulative layout shift, no unit
    inp: float | None  # slowest interaction until the next paint
    load: float  # end of the load event
    requests: int
    bytes: int  # transferred, headers included


async def measure_page(
    page: Any,
    url: str,
    *,
    loads: int = LOADS,
    interact: Callable[[Any], Any] | None = None,
    settle_ms: float = SETTLE_MS,
) -> tuple[PageLoad, ...]:
    """Load `url` in `loads` fresh contexts of the browser of `page`, after one that does not count.

    The first load is 30 to 110% slower than later ones: it starts processes and fills caches of the system.
    `interact` is called with each page when it has loaded. Raises ValueError for fewer than one load, and
    where the page's context has no browser (a persistent one); RemoteError where the answer is an error.
    """
    if loads < 1:
        raise ValueError(f"a page is measured by loads of it, got {loads}")
    browser = page.context.browser
    if browser is None:
        raise ValueError("the page belongs to a persistent context; fresh contexts need a browser")
    made = []
    for at in range(loads + 1):
        context = await _got(browser.new_context())
        try:
            found = await _load(await _got(context.new_page()), url, interact, settle_ms)
        finally:
            await _got(context.close())
        if at:
            made.append(found)
    return tuple(made)


async def _load(page: Any, url: str, interact: Callable[[Any], Any] | None, settle_ms: float) -> PageLoad:
    await _got(page.add_init_script(_WATCH))
    answer = await _got(page.goto(url, wait_until="load"))
    if answer is not None and answer.status >= _ERRORS_FROM:
        raise RemoteError(
            f"answered with status {answer.status}: its error page is not the page to be measured", where=url
        )
    if interact is not None:
        await _got(interact(page))
    await _got(page.wait_for_timeout(settle_ms))  # for the observers to be told
    return PageLoad(**await _got(page.evaluate(_READ)))


async def _got(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def run_now(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """The result of a coroutine that waits for nothing. Raises RuntimeError for one that does."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: _T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a page of the asynchronous API is measured with await")


def is_async_page(page: Any) -> bool:
    """Whether `page` is of Playwright's asynchronous API."""
    return inspect.iscoroutinefunction(getattr(type(page), "goto", None))
