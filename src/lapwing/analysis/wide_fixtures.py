"""Fixtures that several tests share: which values there were, what each cost, and who needs it."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from lapwing.model.ids import split_node_id
from lapwing.model.record import FixtureRecord, TestRecord
from lapwing.model.value import Value
from lapwing.model.what_if import WideFixture

_FUNCTION = "function"


class WideFixtures(Value):
    """The shared values of a run's fixtures."""

    fixtures: tuple[WideFixture, ...]
    needs: Mapping[str, Sequence[int]]  # node id -> places in `fixtures`
    moved_ns: Mapping[
        str, int
    ]  # node id -> time of fixtures that is no longer its own; below 0: has become so


def wide_fixtures(
    records: Sequence[FixtureRecord],
    nodeids: Sequence[str],
    tests: Mapping[str, TestRecord],
    scopes: Mapping[str, str],
) -> WideFixtures:
    """The shared values among `records`, of a run of `tests` in the order of `nodeids`.

    A run tells who asked first for a shared value. Others below the same place are taken to need it if
    they come later and could see its definition: a module's own is for that module, that of a
    `conftest.py` for its folder. Of a fixture that was set up for each test, and that `scopes` makes
    wider, the users are known.
    """
    found: dict[tuple[str, str, str, str], list[FixtureRecord]] = {}
    moved: dict[str, int] = {}
    for fixture in records:
        if fixture.requester not in tests:
            continue
        scope = scopes.get(fixture.name, _scope(fixture))
        if scope == _FUNCTION:
            if fixture.scope != _FUNCTION:  # recorded as shared time
                shared = moved.get(fixture.requester, 0) - _time(fixture)
                moved[fixture.requester] = max(-tests[fixture.requester].shared_fixture_ns, shared)
            continue
        key = (_value_name(fixture), scope, _place(fixture, scope), fixture.location)
        found.setdefault(key, []).append(fixture)
        if fixture.scope == _FUNCTION:
            moved[fixture.requester] = moved.get(fixture.requester, 0) + _time(fixture)
    position = {nodeid: at for at, nodeid in enumerate(nodeids)}
    firsts: dict[tuple[str, str], list[int]] = {}  # of all values of one fixture in its place
    for (_, _, place, _), group in found.items():
        first = min(position[each.requester] for each in group)
        firsts.setdefault((group[0].name, place), []).append(first)
    wide: list[WideFixture] = []
    needs: dict[str, list[int]] = {}
    for (name, scope, place, location), group in found.items():
        at = len(wide)
        mean = round(sum(map(_time, group)) / len(group))
        wide.append(WideFixture(name, scope, place, mean, _share(group, tests)))
        if _scope(group[0]) == _FUNCTION:
            users = list(dict.fromkeys(each.requester for each in group))
        else:
            first = min(position[each.requester] for each in group)
            end = min((at for at in firsts[group[0].name, place] if at > first), default=len(nodeids))
            seen_by = _visible(location)
            users = [
                nodeid
                for nodeid in nodeids[first:end]
                if nodeid.startswith(seen_by) and _is_below(nodeid, place)
            ]
        for nodeid in users:
            needs.setdefault(nodeid, []).append(at)
    return WideFixtures(tuple(wide), needs, moved)


def _scope(fixture: FixtureRecord) -> str:
    """The scope of its value: pytest makes one of scope class anew for each function outside of classes."""
    is_alone = fixture.scope == "class" and not split_node_id(fixture.requester).classes
    return _FUNCTION if is_alone else fixture.scope


def _time(fixture: FixtureRecord) -> int:
    return fixture.setup_ns + (fixture.teardown_ns or 0)


def _value_name(fixture: FixtureRecord) -> str:
    return fixture.name if fixture.param is None else f"{fixture.name}[{fixture.param}]"


def _place(fixture: FixtureRecord, scope: str) -> str:
    """The part of the suite that shares a value of the fixture, as the beginning of its node ids."""
    parts = split_node_id(fixture.requester)
    if scope == "session":
        return ""
    if scope == "package":
        folder = str(PurePosixPath(parts.file).parent)
        return "" if folder == "." else folder
    if scope == "class" and parts.classes:
        return "::".join((parts.file, *parts.classes))
    return parts.file


def _visible(location: str) -> str:
    """The beginning of the node ids of tests that can ask for a fixture defined at `location`."""
    path = PurePosixPath(location.rpartition(":")[0])
    if not location or path.is_absolute() or "site-packages" in path.parts:
        return ""
    if path.name == "conftest.py":
        return "" if str(path.parent) == "." else f"{path.parent}/"
    return path.as_posix() if path.name.startswith("test_") or path.stem.endswith("_test") else ""


def _is_below(nodeid: str, place: str) -> bool:
    return not place or nodeid.startswith((f"{place}::", f"{place}/"))


def _share(group: Sequence[FixtureRecord], tests: Mapping[str, TestRecord]) -> float:
    """How much of a processor a fixture uses: as much as the tests that paid for it."""
    paid = [tests[each.requester] for each in group]
    wall = sum(record.duration_ns or 0 for record in paid)
    cpu = sum(record.cpu_ns or 0 for record in paid)
    return min(1.0, cpu / wall) if wall and cpu else 1.0
