"""What the source of a test suite tells about its tests and fixtures. Lines are numbered from 1."""

from collections.abc import Mapping

from lapwing.model.value import Value


class FixtureSource(Value):
    """The definition of a fixture."""

    name: str
    location: str  # file:line of the first decorator, as the recorder tells it
    depends: tuple[str, ...] = ()  # its parameters; not `request` where any scope could ask it the same
    likeness: str = ""  # the same for definitions with the same body
    gives: bool = True  # a value; else it is there for what it does
    restores: str = ""  # file:line after its value where it puts back what a test may have changed
    is_async: bool = False


class SourceFacts(Value):
    """Facts from reading files; what was not read is not there."""

    tests: Mapping[str, str] = {}  # node id without parameters -> file:line
    fixtures: Mapping[str, FixtureSource] = {}  # by location
    setups: Mapping[
        str, FixtureSource
    ] = {}  # "file::Class::setup_method", inherited ones too -> its definition
    changed: Mapping[str, tuple[str, ...]] = {}  # fixture -> file:line where a test changes its value
    sleeps: Mapping[str, tuple[str, ...]] = {}  # file -> file:line of calls that sleep
    imports: Mapping[str, tuple[str, ...]] = {}  # file -> "file:line module" at its top level
    users: Mapping[
        str, tuple[str, ...]
    ] = {}  # "file:line module" -> locations of fixtures; "" for other code
    coverage: str = ""  # where a configuration file switches coverage on
