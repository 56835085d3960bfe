import pytest

from lapwing.config.options import CATEGORY_OPTIONS, OPTIONS, Kind, Option
from lapwing.config.reference import options_markdown


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_option_has_its_section(option: Option) -> None:
    section = options_markdown().split(f"\n## `{option.name}`\n")[1].split("\n## ")[0]

    assert option.help in section
    assert option.env in section
    assert option.flag in section


def test_keys_of_categories_are_told_below_them() -> None:
    page = options_markdown()

    assert [f"### `categories.NAME.{option.name}`" in page for option in CATEGORY_OPTIONS] == [True] * len(
        CATEGORY_OPTIONS
    )


def test_defaults_stand_as_one_would_write_them() -> None:
    page = options_markdown()

    for text in ("Default: `false`", "Default: `[]`", "Default: `2ms`", "Default: empty", "Default: `20.0`"):
        assert text in page


def test_every_option_is_a_sentence_and_its_name_is_used_once() -> None:
    assert all(option.help.endswith(".") for option in (*OPTIONS, *CATEGORY_OPTIONS))
    assert len({option.name for option in OPTIONS}) == len(OPTIONS)
    assert all(bool(option.choices) == (option.kind is Kind.CHOICE) for option in OPTIONS)
