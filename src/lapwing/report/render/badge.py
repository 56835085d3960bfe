"""A badge as SVG, and as the JSON that shields.io draws one from."""

import json
from typing import Final

from lapwing.model.badge import Badge, BadgeColor
from lapwing.report.harmless import harmless
from lapwing.report.markup import element, escaped

_COLORS: Final = {
    BadgeColor.GOOD: "#237a3b",
    BadgeColor.WARNING: "#97600a",
    BadgeColor.BAD: "#b3261e",
    BadgeColor.PLAIN: "#1f5fae",
    BadgeColor.UNKNOWN: "#5b6470",
}
"""White letters on each have a contrast of 4.5 or more."""

_HEIGHT: Final = 20
_PAD: Final = 6
_NARROW: Final = frozenset("fijlrtI.,:;!|'()[]/ ")
_WIDE: Final = frozenset("mwMWOQ@%&+×")
_LONGEST: Final = 80


def badge_svg(badge: Badge) -> str:
    """One picture without anything fetched, 20 pixels high; it says its words to screen readers, too."""
    label, message = _short(badge.label), _short(badge.message)
    left, right = _width(label), _width(message)
    said = f"{label}: {message}"
    ends: dict[str, str | float | None] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": left + right,
        "height": _HEIGHT,
        "role": "img",
        "aria-label": said,
    }
    clip = element(
        "clipPath", {"id": "r"}, element("rect", {"width": left + right, "height": _HEIGHT, "rx": 3})
    )
    boxes = element(
        "g",
        {"clip-path": "url(#r)"},
        element("rect", {"width": left, "height": _HEIGHT, "fill": "#3f464e"}),
        element("rect", {"x": left, "width": right, "height": _HEIGHT, "fill": _COLORS[badge.color]}),
    )
    letters: dict[str, str | float | None] = {
        "fill": "#fff",
        "text-anchor": "middle",
        "font-family": "Verdana,DejaVu Sans,sans-serif",
        "font-size": 11,
    }
    words = element("g", letters, _text(label, 0, left), _text(message, left, right))
    return element("svg", ends, element("title", {}, escaped(said)), clip, boxes, words) + "\n"


def badge_shields(badge: Badge) -> str:
    """The document of a shields.io endpoint."""
    document = {
        "schemaVersion": 1,
        "label": harmless(badge.label),
        "message": harmless(badge.message),
        "color": _COLORS[badge.color],
    }
    return json.dumps(document) + "\n"


def _text(words: str, begin: float, width: float) -> str:
    """Centered, and drawn as wide as was reckoned, whatever letters the viewer has."""
    place: dict[str, str | float | None] = {
        "x": begin + width / 2,
        "y": 14,
        "textLength": width - 2 * _PAD,
        "lengthAdjust": "spacingAndGlyphs",
    }
    return element("text", place, escaped(words))


def _width(words: str) -> int:
    """About how many pixels the words take at 11 pixels, and some room beside them."""
    letters = sum(4.2 if each in _NARROW else 9.6 if each in _WIDE else 7 for each in harmless(words))
    return round(letters) + 2 * _PAD


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
