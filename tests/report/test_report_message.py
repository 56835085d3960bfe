"""Alerts as messages: no name from outside calls a person or commands a terminal."""

import pytest

from lapwing.model.alert import Alert, AlertLevel
from lapwing.report.render.message import messages


def alert(title: str, body: str = "") -> Alert:
    return Alert(title, AlertLevel.WARNING, title, body, "run", 1)


@pytest.mark.parametrize(
    "hostile",
    [
        *("@everyone", "<!channel>", "<@U123>", "\x1b[31m", "\u202e"),
        *("[mend](https://evil.example)", "<https://evil.example|mend>", "<mailto:a@evil.example|mend>"),
    ],
)
def test_a_name_calls_nobody_and_commands_nothing(hostile: str) -> None:
    title, body, _, _ = messages(
        "shop", [alert(f"Slower: t[{hostile}]", f"t[{hostile}]\nsecond line")], most=5
    )[0]

    assert hostile not in title + body
    assert body.count("\n") == 1


def test_up_to_three_alerts_go_one_by_one() -> None:
    assert [count for *_, count in messages("shop", [alert("a"), alert("b"), alert("c")], most=5)] == [
        1,
        1,
        1,
    ]


def test_fewer_messages_than_alerts_make_one_that_lists_them() -> None:
    assert [count for *_, count in messages("shop", [alert("a"), alert("b")], most=1)] == [2]


def test_a_long_list_ends_with_how_many_are_left_out() -> None:
    _, body, _, count = messages("shop", [alert(f"slow {at}") for at in range(30)], most=5)[0]

    assert count == 30
    assert body.splitlines()[-1] == "and 10 more: lapwing notify --list"
