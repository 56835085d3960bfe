"""Does it hold this load? Finds the target, makes sure it may be loaded, plays the load, keeps the result."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lapwing.config.load_table import LoadOptions, read_load_options
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, UnreadableFileError
from lapwing.model.load import LoadResult
from lapwing.perftest import load_config
from lapwing.perftest.load import Job, LoadTick, OnTick, play_load
from lapwing.perftest.load_app import served
from lapwing.perftest.load_config import LoadConfig, read_load_config, read_stress_config
from lapwing.perftest.load_plan import read_endpoint
from lapwing.perftest.load_target import check_target
from lapwing.perftest.stress_calls import stress_calls

LOAD_KEYS = load_config.LOAD_KEYS
STRESS_KEYS = load_config.STRESS_KEYS
Tick = LoadTick
"""What is told each second."""


def _silent(_: object) -> None:
    """Tells nobody."""


def load_endpoint(
    settings: Settings, endpoint: Mapping[str, Any], config: Mapping[str, Any], *, on_tick: OnTick = _silent
) -> LoadResult:
    """One level of load on `endpoint`. Raises ConfigurationError, MissingExtraError, LoadError."""
    return _ask(settings, endpoint, read_load_config(config), on_tick)


def stress_endpoint(
    settings: Settings, endpoint: Mapping[str, Any], config: Mapping[str, Any], *, on_tick: OnTick = _silent
) -> LoadResult:
    """Rising load on `endpoint`, until it is not held. Raises like `load_endpoint`."""
    return _ask(settings, endpoint, read_stress_config(config), on_tick)


def load_locustfile(
    settings: Settings,
    file: Path,
    host: str,
    config: Mapping[str, Any],
    *,
    is_stress: bool,
    on_tick: OnTick = _silent,
) -> LoadResult:
    """Load by the users of a locustfile, on `host` where they name none.

    Which hosts its own code asks cannot be seen from here: `host`, or else `base_url` of the configuration,
    is what is checked. Raises like `load_endpoint`, and UnreadableFileError.
    """
    if not file.is_file():
        raise UnreadableFileError("there is no such locustfile", where=str(file), mend="Name another.")
    read = read_stress_config(config) if is_stress else read_load_config(config)
    if read.shape.pace_s:
        raise ConfigurationError(
            "requests_per_user is not for users of a locustfile, who wait as that says",
            where="load config",
            mend="Write their wait_time there.",
        )
    options = _options(settings)
    target = host or options.base_url
    if not target and not read.is_owned:
        raise ConfigurationError(
            "which host its users load cannot be told",
            where=str(file),
            mend="Give --host, or say --i-own-this-target.",
        )
    if target:
        check_target(target, hosts=options.hosts, is_owned=read.is_owned)
    job = Job(
        name=read.name or file.name,
        shape=read.shape,
        limits=read.limits,
        loads=read.loads,
        locustfile=str(file.absolute()),
        host=target,
        where=read.where,
    )
    return play_load(job, on_tick)


def stress_function(
    call: Callable[[], Any], config: Mapping[str, Any], *, on_tick: OnTick = _silent
) -> LoadResult:
    """Rising numbers of threads, or of tasks, that call `call`. Raises ConfigurationError."""
    read = read_stress_config(config)
    if read.shape.is_open:
        raise ConfigurationError(
            "a callable is called by threads or tasks that wait for it, not at a rate",
            where="stress config load_unit",
            mend="Leave it out, or pace each by requests_per_user.",
        )
    name = read.name or str(getattr(call, "__qualname__", None) or type(call).__name__)
    return stress_calls(
        call, name=name, shape=read.shape, limits=read.limits, loads=read.loads, on_tick=on_tick
    )


def _ask(settings: Settings, endpoint: Mapping[str, Any], read: LoadConfig, on_tick: OnTick) -> LoadResult:
    if not isinstance(endpoint, Mapping):
        raise ConfigurationError(
            f"{endpoint!r} is not a dict", where="load endpoint", mend='Write {"path": "http://..."}.'
        )
    options = _options(settings)
    with _base_url(endpoint, options) as base_url:
        asked = read_endpoint(endpoint, base_url=base_url)
        check_target(asked.url, hosts=options.hosts, is_owned=read.is_owned)
        job = Job(
            name=read.name or f"{asked.method} {asked.path}",
            shape=read.shape,
            limits=read.limits,
            loads=read.loads,
            endpoint=asked,
            where=read.where,
        )
        return play_load(job, on_tick)


@contextmanager
def _base_url(endpoint: Mapping[str, Any], options: LoadOptions) -> Iterator[str]:
    app = endpoint.get("app")
    if app is None:
        yield options.base_url
        return
    if endpoint.get("base_url"):
        raise ConfigurationError(
            "app and base_url are both given", where="load endpoint", mend="Leave one of them out."
        )
    with served(app) as url:
        yield url


def _options(settings: Settings) -> LoadOptions:
    faults: list[ConfigurationError] = []
    options = read_load_options(settings.load, root=settings.root, faults=faults)
    if faults:
        raise faults[0]
    return options
