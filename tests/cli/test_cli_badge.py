"""`lapwing badge`: what it says of a run, as a picture and for shields.io."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from lapwing.model.badge import Badge, BadgeColor
from lapwing.report.render.badge import badge_svg


def badge_of(shop: Any, *words: str) -> dict[str, Any]:
    """The document that `lapwing badge --format shields` prints."""
    assert shop.run("badge", "--format", "shields", *words) == 0
    document: dict[str, Any] = json.loads(shop.out)
    return document


def test_a_project_without_runs_has_a_badge_that_says_so(shop: Any) -> None:
    assert badge_of(shop)["message"] == "no data"


def test_a_document_has_what_the_endpoint_of_shields_asks_for(with_history: Any) -> None:
    document = badge_of(with_history)

    assert set(document) == {"schemaVersion", "label", "message", "color"}
    assert document["schemaVersion"] == 1


def test_a_run_in_which_nothing_changed_has_nothing_slower(with_history: Any) -> None:
    assert badge_of(with_history)["message"] == "nothing slower"


def test_a_slower_test_is_counted(with_slower_test: Any) -> None:
    assert badge_of(with_slower_test)["message"] == "1 slower"


@pytest.mark.parametrize(
    ("kind", "message"), [("time", "5.00 s"), ("budgets", "kept"), ("slow", "none over 30.0 s")]
)
def test_each_kind_says_its_own(with_history: Any, kind: str, message: str) -> None:
    assert badge_of(with_history, "--kind", kind)["message"] == message


def test_a_broken_budget_is_counted(with_slower_test: Any) -> None:
    (with_slower_test.root / "pyproject.toml").write_text(
        '[tool.lapwing]\nbase_branch = "main"\n[tool.lapwing.categories.api]\nbudget = "300ms"\n'
    )

    assert badge_of(with_slower_test, "--kind", "budgets")["message"] == "1 broken"


def test_a_label_can_be_given(with_history: Any) -> None:
    assert badge_of(with_history, "--label", "nightly")["label"] == "nightly"


def test_a_run_that_does_not_exist_is_an_error(with_history: Any) -> None:
    assert with_history.run("badge", "latest~99") == 2


def test_a_picture_goes_to_a_file(with_history: Any) -> None:
    target = with_history.root / "public" / "badge.svg"

    assert with_history.run("badge", "--output", str(target)) == 0

    picture = ElementTree.fromstring(target.read_text())
    assert picture.get("aria-label") == "test performance: nothing slower"


def test_a_picture_says_its_words_and_holds_no_foreign_markup() -> None:
    badge = Badge('"><script>alert(1)</script>', "2 slower\u202e", BadgeColor.BAD)

    picture = ElementTree.fromstring(badge_svg(badge))

    names = {each.tag.rpartition("}")[2] for each in picture.iter()}
    assert names == {"svg", "title", "clipPath", "rect", "g", "text"}
    assert picture.get("aria-label") == '"><script>alert(1)</script>: 2 slower\\u202e'


def test_a_longer_message_makes_a_wider_badge() -> None:
    widths = [
        float(ElementTree.fromstring(badge_svg(Badge("time", said, BadgeColor.PLAIN))).get("width", "0"))
        for said in ("1 s", "12 min 30 s")
    ]

    assert widths[0] < widths[1]
