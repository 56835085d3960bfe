"""`lapwing` among the choices of pytest-xdist's `--dist`, which has no hook for more of them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _pytest.config.argparsing import Parser


def offer_distribution(parser: "Parser", name: str) -> None:
    """Make `name` a mode of `--dist`, once the option has been declared."""
    for group in getattr(parser, "_groups", ()):
        for option in group.options:
            choices = option.attrs().get("choices") if "--dist" in option.names() else None
            if isinstance(choices, list) and name not in choices:
                choices.append(name)
