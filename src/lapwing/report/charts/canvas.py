"""The paper that charts are drawn on.

Places across are percentages of the width and heights are pixels, so that a chart fills a phone and a wide
screen alike while its letters keep their size. Colors are classes of the style sheet; what matters is told
by shape and word as well. Attributes give plain ink where a viewer blocks styles.
"""

from lapwing.report.markup import element, escaped

_EDGE = 1.5  # percent left free at both sides, for marks have a width


def picture(height: int, said: str, *content: str, kind: str) -> str:
    """A drawing of `height` pixels that says `said` to whoever does not see it."""
    return element(
        "svg",
        {
            "class": f"lw-chart lw-{kind}",
            "width": "100%",
            "height": height,
            "role": "img",
            "aria-label": said,
            "xmlns": "http://www.w3.org/2000/svg",
            "fill": "currentColor",
            "font-size": "11",
        },
        *content,
    )


def across(share: float) -> str:
    """A place from 0 (left) to 1 (right) as a percentage of the width."""
    return f"{_EDGE + share * (100 - 2 * _EDGE):.2f}%"


def of_whole(share: float) -> float:
    """What `across` takes for a part of the whole width, where nothing is left free at the sides."""
    return (100 * share - _EDGE) / (100 - 2 * _EDGE)


def wide(share: float) -> str:
    """A width as a percentage of the width."""
    return f"{max(0.0, share) * (100 - 2 * _EDGE):.2f}%"


def label(x: str, y: float, said: str, *, anchor: str = "start", kind: str = "lw-label") -> str:
    """Words at a place."""
    return element("text", {"x": x, "y": y, "text-anchor": anchor, "class": kind}, escaped(said))


def level_line(y: float, kind: str, x1: str = "0%", x2: str = "100%") -> str:
    """A line at one height."""
    return element("line", {"x1": x1, "x2": x2, "y1": y, "y2": y, "class": kind, "stroke": "currentColor"})


def upright_line(x: str, top: float, bottom: float, kind: str) -> str:
    """A line at one place across."""
    return element(
        "line", {"x1": x, "x2": x, "y1": top, "y2": bottom, "class": kind, "stroke": "currentColor"}
    )


def box(x: str, y: float, width: str, height: float, kind: str, said: str = "") -> str:
    """A rectangle; `said` shows where the pointer rests on it."""
    told = element("title", {}, escaped(said)) if said else ""
    return element("rect", {"x": x, "y": y, "width": width, "height": height, "class": kind}, told)


def dot(x: str, y: float, kind: str, said: str) -> str:
    """A round mark."""
    return element("circle", {"cx": x, "cy": y, "r": 3, "class": kind}, element("title", {}, escaped(said)))


def cross(x: str, y: float, kind: str, said: str) -> str:
    """A mark that differs from a dot by its shape."""
    lines = "".join(element("line", {"x1": -4, "y1": -4 * way, "x2": 4, "y2": 4 * way}) for way in (1, -1))
    # A nested drawing has its own zero, which percentages cannot be added to otherwise.
    inner = element("g", {"class": kind, "stroke": "currentColor", "stroke-width": 2}, lines)
    return element(
        "svg",
        {"x": x, "y": y, "overflow": "visible", "width": 1, "height": 1},
        element("title", {}, escaped(said)),
        inner,
    )


def stretched(height: int, *content: str) -> str:
    """A layer whose own places across run from 0 to 1000 over the whole width: for lines and areas."""
    return element(
        "svg",
        {
            "width": "100%",
            "height": height,
            "viewBox": f"0 0 1000 {height}",
            "preserveAspectRatio": "none",
        },
        *content,
    )


def stretched_x(share: float) -> float:
    """A place from 0 to 1 in a stretched layer, on the same spot as `across`."""
    return 10 * (_EDGE + share * (100 - 2 * _EDGE))
