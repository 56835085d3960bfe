"""Faults of a configuration, collected and told together."""

from collections.abc import Iterable, Mapping, Sequence

from lapwing.errors import ConfigurationError


def wrong_value(written: object, expected: str, where: str) -> ConfigurationError:
    """The fault of a value that is not the `expected` thing."""
    return ConfigurationError(f"{written!r} is not a {expected}", where=where, mend=f"Write a {expected}.")


def unknown_keys(
    table: Iterable[str], known: Mapping[str, object], where: str
) -> Iterable[ConfigurationError]:
    """A fault for each key of `table` that is not `known`, with the nearest one that is."""
    return [_unknown_key(key, known, where) for key in table if key not in known]


_LEFT_OUT = ", and is left out"


def left_out(fault: ConfigurationError) -> ConfigurationError:
    """`fault` of a value that is left out, saying so."""
    return ConfigurationError(f"{fault.what}{_LEFT_OUT}", where=fault.where, mend=fault.mend)


def together(faults: Sequence[ConfigurationError]) -> ConfigurationError:
    """One error that tells all of `faults`, of which there is at least one; nothing is left out for it."""
    told = [(fault.where, fault.what.removesuffix(_LEFT_OUT), fault.mend) for fault in faults]
    if len(told) == 1:
        where, what, mend = told[0]
        return ConfigurationError(what, where=where, mend=mend)
    lines = "".join(f"\n- {where}: {what}. {mend}" for where, what, mend in told)
    return ConfigurationError(f"{len(faults)} settings are wrong:{lines}")


def _unknown_key(key: str, known: Iterable[str], where: str) -> ConfigurationError:
    import difflib

    near = difflib.get_close_matches(key, known, n=1)
    mend = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(sorted(known))}."
    return ConfigurationError("there is no such option", where=f"{where} {key}", mend=mend)
