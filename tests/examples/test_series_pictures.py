"""The pictures of series in the documentation are what the product draws of them."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_each_picture_is_what_would_be_drawn():
    spec = importlib.util.spec_from_file_location("draw_series", DOCS / "draw_series.py")
    draw_series = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draw_series)

    made = draw_series.pictures()

    assert made.keys() == {path.name for path in (DOCS / "pictures").glob("series-*.svg")}
    for name, text in made.items():
        assert (DOCS / "pictures" / name).read_text(encoding="utf-8") == text, name
    page = (DOCS / "explanation" / "how-lapwing-decides.md").read_text(encoding="utf-8")
    assert all(f"../pictures/{name}" in page for name in made)
