"""Which names a rename changes, and into what. No SQL."""

from collections.abc import Callable, Iterable

from lapwing.errors import ConfigurationError

_ENDS = ("/", "::", "[")


def renamed(old: str, new: str) -> Callable[[str], str | None]:
    """A function from a name to its new name, or to None where the rename leaves it alone.

    `old` is a whole name, or the beginning of names that go on at a `/`, `::` or `[`: a folder,
    a file, a class, a test with its parameters. Raises ConfigurationError where one of the two
    ends so and the other does not, and where there is no new name.
    """
    if not new:
        raise ConfigurationError("the new name is empty", where="rename", mend="Write a node id.")
    end = _end(old)
    if end != _end(new):
        raise ConfigurationError(
            f"{old!r} and {new!r} do not end alike",
            where="rename",
            mend="Write two whole names, or two beginnings that both end at /, :: or [.",
        )
    # Past the bracket come parameters, in which the marks mean nothing.
    may_go_on = "[" not in old or end == "["

    def rename(name: str) -> str | None:
        rest = name[len(old) :]
        if not name.startswith(old) or not old:
            return None
        if not rest or end or (may_go_on and rest.startswith(_ENDS)):
            return new + rest
        return None

    return rename


def in_safe_order(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of old and new name so that no name is given before its present holder has left it.

    All pairs of one rename differ in length by the same number, so sorting by length is enough.
    """
    ordered = sorted(pairs, key=lambda pair: len(pair[0]))
    grows = bool(ordered) and len(ordered[0][1]) > len(ordered[0][0])
    return ordered[::-1] if grows else ordered


def _end(name: str) -> str:
    return next((end for end in _ENDS if name.endswith(end)), "")
