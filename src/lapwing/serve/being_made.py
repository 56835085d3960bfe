"""The page that is shown at once where the one that was asked for takes seconds to make."""

from typing import Final

from lapwing.report.page import Page
from lapwing.serve.answer import Answer, Parameters
from lapwing.serve.desk import ServerDesk
from lapwing.serve.forms import form_above
from lapwing.serve.frame import framed

_AGAIN_S: Final = 1

_MAKING: Final = {
    "/run": "The run is compared with those before it, and what would make it faster is tried out.",
    "/compare": "Every test of the two sides is compared.",
    "/what-if": "The suite is tried out with other workers.",
}


def being_made(desk: ServerDesk, path: str, parameters: Parameters) -> Answer:
    """What says so. A browser asks again by itself. Raises StoreError."""
    project = parameters["project"]
    page = Page(
        title="Being made",
        verdict="This page is being made, and follows by itself in some seconds.",
        hints=(_MAKING.get(path, "Many tests of many runs are read."),),
    )
    markup = framed(
        page,
        path=path,
        project=project,
        projects=desk.store.projects(),
        above=form_above(path, project, parameters),
    )
    again = (("Refresh", str(_AGAIN_S)), ("Retry-After", str(_AGAIN_S)), ("Cache-Control", "no-store"))
    return Answer(markup.encode("utf-8", "backslashreplace"), status=202, headers=again)
