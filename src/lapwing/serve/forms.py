"""What a page can be asked, as the form above it: filled as it was sent, also where there is no answer."""

from collections.abc import Callable
from typing import Final

from lapwing.operations.find_run import BASELINE
from lapwing.operations.read_history import METRICS
from lapwing.report.markup import element, escaped
from lapwing.report.pages.tests import ORDERS
from lapwing.serve.answer import Parameters
from lapwing.serve.frame import button, choice, field, form

BEFORE: Final = BASELINE
AFTER: Final = "latest"
WORKERS: Final = "1,2,4,8,16"
"""What is compared, and tried, where nobody says what."""

_EXAMPLE: Final = "dur:>2s cpu:<1s category:api owner:payments change:>20% status:regressed cart"

_Maker = Callable[[str, Parameters], str]


def form_above(path: str, project: str, parameters: Parameters) -> str:
    """The form of the page at `path`, as markup; nothing where a page has none."""
    make = _FORMS.get(path)
    return "" if make is None else make(project, parameters)


def _runs(project: str, parameters: Parameters) -> str:
    branch = field("branch", "Branch", parameters.get("branch", ""))
    return form("/runs", {"project": project}, branch, button("Show"))


def _tests(project: str, parameters: Parameters) -> str:
    asked = form(
        "/tests",
        {"project": project},
        field("q", "Filter", parameters.get("q", "").strip(), kind="search", size=40),
        choice("sort", "Sort by", tuple(ORDERS), parameters.get("sort", "")),
        button("Show"),
    )
    return asked + element("p", {"class": "lw-state"}, escaped(f"For example: {_EXAMPLE}"))


def _test(project: str, parameters: Parameters) -> str:
    return form(
        "/test",
        {"project": project, "nodeid": parameters.get("nodeid", "")},
        choice("metric", "Metric", METRICS, parameters.get("metric", "")),
        field("branch", "Branch", parameters.get("branch", ""), size=16),
        button("Show"),
    )


def _compare(project: str, parameters: Parameters) -> str:
    return form(
        "/compare",
        {"project": project},
        field("a", "Compare (a run, commit, branch or baseline)", parameters.get("a") or BEFORE),
        field("b", "with", parameters.get("b") or AFTER),
        button("Compare"),
    )


def _what_if(project: str, parameters: Parameters) -> str:
    return form(
        "/what-if",
        {"project": project, "id": parameters.get("id", "")},
        field("workers", "Workers", parameters.get("workers") or WORKERS),
        button("Try"),
    )


_FORMS: Final[dict[str, _Maker]] = {
    "/runs": _runs,
    "/tests": _tests,
    "/test": _test,
    "/compare": _compare,
    "/what-if": _what_if,
}
