"""Where requests and connections go: outside, to this machine, or nobody can tell."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.argument import argument_of
from lapwing.lint.body import Body
from lapwing.lint.calls import KNOWN, Kind
from lapwing.lint.chains import chain, last_name
from lapwing.lint.constant import text
from lapwing.lint.context import Context
from lapwing.lint.expected_error import expected_errors
from lapwing.lint.hosts import Reach, reach_of_host, reach_of_url
from lapwing.lint.mocking import Reached
from lapwing.lint.place import Place
from lapwing.lint.scope import How
from lapwing.lint.site import Site
from lapwing.lint.unsent import is_unsent

_OPENING: Final = frozenset({"request", "connect", "putrequest", "urlopen", "endheaders"})
"""Methods with which a connection object, which does nothing as it is made, goes to its host."""

_WAYS: Final = frozenset({"sock", "connect", "_create_connection"})
"""Attributes of a connection that lead to its host."""

_MOST_STEPS: Final = 4  # from name to name
_NO_TAKER: Final = re.compile(
    r"(?i)mock|patch|fake|stub|assert|expect|\.mount$|isinstance|register|add_\w*response"
)
"""Functions that ask nobody for the address that they are given."""

_SERVER: Final = re.compile(
    r"(?i)(?:^|_|\.)(?:\w*server\w*|httpbin\w*|localhost|live_url|local\w*|\w*proxy|mock\w*|test_?client)(?:$|\.|_)|[a-z]Server\b"
)


def judged_reach(site: Site, place: Place, context: Context) -> Site | None:
    """The site with where it reaches, or None where that is this machine or something answers in its
    place.
    """
    if site.operation.opens_client:
        return _client(site, place, context)
    if site.operation.kind is Kind.HTTP and is_unsent(site.node, site.body):
        return None
    target = text(argument_of(site), place) or ""
    is_url = site.operation.kind is Kind.HTTP and "://" in target
    made = _client_call(site.node, place) if isinstance(site.node, ast.Call) else None
    client = made[0] if made else None
    if made is not None and _answers_itself(*made):
        return None
    base = _base_url(*made) if made else ""
    if not is_url and base:
        target, is_url = base, True
    is_host = site.operation.kind is Kind.SOCKET or "host" in site.operation.keywords
    reach = reach_of_url(target) if is_url else reach_of_host(target) if is_host and target else Reach.UNKNOWN
    # What a name says counts where the text does not tell: `HTTPBIN` may be that of a host outside.
    if reach is Reach.INSIDE or (reach is Reach.UNKNOWN and _reaches_server_fixture(site, place)):
        return None
    if site.operation.kind is Kind.HTTP and context.replaces_http(client):
        return None
    if reach is Reach.OUTSIDE and isinstance(site.node, ast.Call) and _has_proxy(site.node):
        reach = Reach.UNKNOWN
    return site._replace(reach=reach, target=target)


def _client(site: Site, place: Place, context: Context) -> Site | None:
    """A client counts where a request through it, in the same function, is known to go outside."""
    assert isinstance(site.node, ast.Call)
    if context.replaces_http(site.node):
        return None
    host = text(argument_of(site), place) if "host" in site.operation.keywords else None
    if _is_connected_by_test(site):
        return None
    if host is not None and reach_of_host(host) is not Reach.OUTSIDE:
        return None
    for node in site.body.calls:
        there = place._replace(scope=site.body.scope_of(node), line=node.lineno)
        made = _client_call(node, there) if isinstance(node.func, ast.Attribute) else None
        if made is None or made[0] is not site.node or not isinstance(node.func, ast.Attribute):
            continue
        if is_unsent(node, site.body):
            continue
        if host is not None and node.func.attr in _OPENING:
            return site._replace(reach=Reach.OUTSIDE, target=host)
        call = there.dotted(node.func)
        operation = KNOWN.get(call) if call else None
        if call is None or operation is None or operation.kind is not Kind.HTTP:
            continue
        reached = Reached(node.func, call, operation, there)
        around = (each for each in context.patches if each.first <= node.lineno <= each.last)
        if any(map(reached.is_replaced_by, around)):
            continue
        target = text(argument_of(site._replace(node=node, operation=operation)), there) or ""
        if "://" not in target:
            target = _base_url(site.node, there)
        if target and reach_of_url(target) is Reach.OUTSIDE and not _has_proxy(node):
            return site._replace(reach=Reach.OUTSIDE, target=target)
    target = next(_asked_of_takers(site, place), "")
    return site._replace(reach=Reach.OUTSIDE, target=target) if target else None


def _is_connected_by_test(site: Site) -> bool:
    """Whether the function gives the connection that is made at `site` a socket, or another way to come to
    one: `connection.sock = FakeSocket(…)`.
    """
    names = {*_bound_names(site.node, site.body)}
    return bool(names) and any(
        isinstance(target, ast.Attribute)
        and target.attr in _WAYS
        and isinstance(target.value, ast.Name)
        and target.value.id in names
        for each in site.body.assignments
        for target in each.targets
    )


def _asked_of_takers(site: Site, place: Place) -> Iterator[str]:
    """The hosts outside that functions are asked for which are handed the client, as by
    `fetch(session, "https://…")`, or methods of what is made with it.
    """
    body = site.body
    clients = {*_bound_names(site.node, body)}
    made: set[str] = set()
    if not clients and not isinstance(body.parents.get(site.node), ast.Call | ast.keyword):
        return
    for node in body.calls:
        if _NO_TAKER.search(chain(node.func)) or _is_expected_to_fail(node, body):
            continue
        given = [*node.args, *(each.value for each in node.keywords)]
        is_taker = any(
            each is site.node or (isinstance(each, ast.Name) and each.id in clients) for each in given
        )
        is_method = isinstance(node.func, ast.Attribute) and chain(node.func).partition(".")[0] in made
        if is_taker and last_name(node.func)[:1].isupper():
            made.update(_bound_names(node, body))
        elif is_taker or is_method:
            there = place._replace(scope=body.scope_of(node), line=node.lineno)
            for each in given:
                target = text(each, there) or ""
                if "://" in target and reach_of_url(target) is Reach.OUTSIDE:
                    yield target


def _is_expected_to_fail(node: ast.Call, body: Body) -> bool:
    """Whether a call stands in `with raises(…)`: what a function refuses, it may not have asked for."""
    blocks = (each for each in body.upward(node) if isinstance(each, ast.With))
    return any(next(iter(expected_errors(each)), None) is not None for each in blocks)


def _bound_names(node: ast.AST, body: Body) -> Iterator[str]:
    """The names that what a call gives is bound to, by assignment or `with`."""
    holder = body.parents.get(node)
    if isinstance(holder, ast.Await):
        holder = body.parents.get(holder)
    if isinstance(holder, ast.Assign):
        yield from (each.id for each in holder.targets if isinstance(each, ast.Name))
    elif isinstance(holder, ast.withitem) and isinstance(holder.optional_vars, ast.Name):
        yield holder.optional_vars.id


def _client_call(node: ast.Call, place: Place) -> tuple[ast.Call, Place] | None:
    """The call that made the client which `node` is a request through, with where it stands."""
    holder: ast.AST | None = node.func.value if isinstance(node.func, ast.Attribute) else None
    line = node.lineno
    for _ in range(_MOST_STEPS):
        if isinstance(holder, ast.Await):
            holder = holder.value
        if isinstance(holder, ast.Call):
            return holder, place
        if isinstance(holder, ast.Name):
            found = place.scope.lookup(holder.id)
            bound = [each for each in found[1] if each.line <= line] if found else []
            if bound and bound[-1].how is How.PARAMETER:  # what a fixture gives
                holder, place = next(iter(place.given(holder.id)), (None, place))
                line = place.line
            else:
                holder = bound[-1].node if bound else None
        elif isinstance(holder, ast.Attribute):
            kept = [each.node for each, _ in place.module.self_bindings(holder.attr, place.scope)]
            holder = kept[0] if kept and isinstance(holder.value, ast.Name) else None
        else:
            return None
    return None


def _base_url(client: ast.Call, place: Place) -> str:
    for keyword in client.keywords:
        if keyword.arg == "base_url":
            return text(keyword.value, place) or ""
    return ""


def _reaches_server_fixture(site: Site, place: Place) -> bool:
    """Whether the URL begins with a fixture or variable that is a server of the test's own."""
    argument = argument_of(site)
    names = (
        [node for node in ast.walk(argument) if isinstance(node, ast.Name | ast.Attribute)]
        if argument
        else []
    )
    return any(_SERVER.search(chain(node)) for node in names)


def _has_proxy(call: ast.Call) -> bool:
    """Whether a request goes to a proxy, which in a test is rather one of its own."""
    return any(
        each.arg in ("proxy", "proxies")
        and not (isinstance(each.value, ast.Constant) and not each.value.value)
        for each in call.keywords
    )


def _answers_itself(client: ast.Call, place: Place) -> bool:
    """Whether this is `build_opener(Handler)` with a handler of this file."""
    if last_name(client.func) != "build_opener":
        return False
    given = [each.func if isinstance(each, ast.Call) else each for each in client.args]
    meant = [place.module.definition(each, place.scope) for each in given]
    return any(each is not None and isinstance(each[0], ast.ClassDef) for each in meant)
