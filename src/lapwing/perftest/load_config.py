"""How a load or stress test is to be played, read from the dict that test authors write.

Commands make the same dict of their flags, so that one key means one thing everywhere. Durations that end
in `_seconds`, and `step_duration`, are numbers of seconds or texts with a unit.
"""

import difflib
from collections.abc import Mapping
from typing import Any, Final

from lapwing.errors import ConfigurationError
from lapwing.model.value import Value
from lapwing.perftest.load_plan import SSH, Limits, Shape, Where, read_workers
from lapwing.perftest.load_search import stairs
from lapwing.units import NS_PER_S, parse_duration, parse_percent

_COMMON: Final = (
    "name",
    "concurrent_users",
    "arrivals",
    "requests_per_user",
    "max_p95",
    "max_failures",
    "min_achieved",
    "timeout_seconds",
    "drain_seconds",
    "processes",
    "workers",
    "expect_workers",
    "bind",
    "port",
    "master",
    "worker_command",
    "worker_wait_seconds",
    "i_own_this_target",
)
LOAD_KEYS: Final = (*_COMMON, "duration_seconds", "ramp_up_seconds", "arrival_rate")
STRESS_KEYS: Final = (
    *_COMMON,
    "initial_load",
    "max_load",
    "step_size",
    "step_duration",
    "ramp_up_seconds",
    "load_unit",
)
_UNITS: Final = ("users", "rps")
_ARRIVALS: Final = ("poisson", "fixed")
_MOST_STEPS: Final = 200


class LoadConfig(Value):
    """A config, read."""

    name: str
    shape: Shape
    limits: Limits
    loads: tuple[float, ...]
    where: Where
    is_owned: bool


def read_load_config(written: Mapping[str, Any]) -> LoadConfig:
    """One level of load: `concurrent_users` (20) for `duration_seconds` (60) after `ramp_up_seconds` (10).

    With `arrival_rate` (requests a second) the model is open: `concurrent_users` then bounds how many
    requests can be under way. Raises ConfigurationError.
    """
    take = _Taking(written, LOAD_KEYS, "load config")
    is_open = written.get("arrival_rate") is not None
    load = take.positive("arrival_rate", 0.0) if is_open else float(take.count("concurrent_users", 20))
    shape = _shape(
        take, is_open=is_open, lasts_s=take.seconds("duration_seconds", 60.0, least=1.0), ramp_s=10.0
    )
    _check_something_is_due(take, shape, load)
    return _config(take, shape, (load,))


def read_stress_config(written: Mapping[str, Any]) -> LoadConfig:
    """Rising levels of load: from `initial_load` (1) by `step_size` (5) to `max_load` (50).

    Each lasts `step_duration` (10 s) after `ramp_up_seconds` (1) that are not measured. `load_unit` is
    `users` (closed model) or `rps` (open model, requests a second). Raises ConfigurationError.
    """
    take = _Taking(written, STRESS_KEYS, "stress config")
    is_open = take.choice("load_unit", _UNITS) == "rps"
    shape = _shape(take, is_open=is_open, lasts_s=take.seconds("step_duration", 10.0, least=1.0), ramp_s=1.0)
    loads = read_loads(written)
    _check_something_is_due(take, shape, loads[0])
    return _config(take, shape, loads)


def read_loads(written: Mapping[str, Any]) -> tuple[float, ...]:
    """The levels of a stress config. Raises ConfigurationError."""
    take = _Taking(written, STRESS_KEYS, "stress config")
    first, size = take.positive("initial_load", 1.0), take.positive("step_size", 5.0)
    highest = take.positive("max_load", 50.0)
    if highest < first:
        raise take.fault(f"max_load {highest:g} is under initial_load {first:g}", "Raise it.")
    if (highest - first) / size > _MOST_STEPS:
        raise take.fault("that would be over 200 steps", "Raise step_size.")
    loads = stairs(first, highest, size)
    if written.get("load_unit", "users") != "rps" and any(load != int(load) for load in loads):
        raise take.fault("users are whole numbers", 'Write whole loads, or load_unit = "rps".')
    return loads


def _check_something_is_due(take: "_Taking", shape: Shape, load: float) -> None:
    if shape.is_open and load * shape.lasts_s < 1:
        raise take.fault(f"at {load:g} a second nothing is due in {shape.lasts_s:g} s", "Measure longer.")


def _shape(take: "_Taking", *, is_open: bool, lasts_s: float, ramp_s: float) -> Shape:
    written = take.written
    per_user = written.get("requests_per_user")
    if per_user is not None and is_open:
        raise take.fault(
            "requests_per_user belongs to users who wait for answers, not to a rate of arrivals",
            "Leave one of the two out.",
        )
    return Shape(
        is_open=is_open,
        lasts_s=lasts_s,
        ramp_s=take.seconds("ramp_up_seconds", ramp_s),
        is_fixed=take.choice("arrivals", _ARRIVALS) == "fixed",
        pace_s=0.0 if per_user is None else 1 / take.positive("requests_per_user", 0.0),
        users=take.count("concurrent_users", 1) if is_open and "concurrent_users" in written else None,
        drain_s=take.seconds("drain_seconds", 5.0),
        timeout_s=take.seconds("timeout_seconds", 30.0, least=0.1),
    )


def _config(take: "_Taking", shape: Shape, loads: tuple[float, ...]) -> LoadConfig:
    written = take.written
    limits = Limits()
    if written.get("max_p95") is not None:
        limits = limits._replace(p95_ns=parse_duration(written["max_p95"], bare_unit="ms", where="max_p95"))
    if written.get("max_failures") is not None:
        limits = limits._replace(failures=parse_percent(written["max_failures"], where="max_failures"))
    if written.get("min_achieved") is not None:
        limits = limits._replace(achieved=parse_percent(written["min_achieved"], where="min_achieved"))
    workers = written.get("workers") or ()
    if isinstance(workers, str):
        workers = workers.split(",")
    where = Where(
        processes=take.count("processes", 1),
        workers=read_workers(map(str, workers), where="workers"),
        expect_workers=take.count("expect_workers", 0, least=0),
        bind=str(written.get("bind") or ""),
        port=take.count("port", 0, least=0),
        master=str(written.get("master") or ""),
        worker_command=str(written.get("worker_command") or SSH),
        worker_wait_s=take.seconds("worker_wait_seconds", 60.0),
    )
    return LoadConfig(
        name=str(written.get("name") or ""),
        shape=shape,
        limits=limits,
        loads=loads,
        where=where,
        is_owned=bool(written.get("i_own_this_target", False)),
    )


class _Taking:
    """Values of a dict, each checked."""

    def __init__(self, written: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
        self.written = written
        self._where = where
        for key in written:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Keys: {', '.join(known)}."
                raise self.fault(f"unknown key {key!r}", hint)

    def seconds(self, key: str, default: float, *, least: float = 0.0) -> float:
        """Seconds."""
        value = self.written.get(key)
        if value is None:
            return default
        seconds = parse_duration(value, bare_unit="s", where=f"{self._where} {key}") / NS_PER_S
        if seconds < least:
            raise self.fault(f"{key} {value!r} is under {least:g} s", "Write a longer one.")
        return seconds

    def positive(self, key: str, default: float) -> float:
        """A number over 0."""
        value = self.written.get(key, default)
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = 0.0
        if not 0 < number < 1e9:
            raise self.fault(f"{key} {value!r} is not a number over 0", "Write one.")
        return number

    def count(self, key: str, default: int, *, least: int = 1) -> int:
        """A whole number."""
        value = self.written.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.fault(f"{key} {value!r} is not a whole number of {least} or more", "Write one.")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """One of `choices`, the first by default."""
        value = self.written.get(key)
        if value is None:
            return choices[0]
        if value not in choices:
            raise self.fault(f"{key} {value!r} is not one of {', '.join(choices)}", "Write one of them.")
        return str(value)

    def fault(self, what: str, mend: str) -> ConfigurationError:
        """An error at this config."""
        return ConfigurationError(what, where=self._where, mend=mend)
