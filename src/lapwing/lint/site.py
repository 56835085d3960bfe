"""A call that rules look at, with all that was found out about it."""

import ast
from typing import NamedTuple

from lapwing.lint.body import Body
from lapwing.lint.calls import Operation
from lapwing.lint.fixtures import Fixture
from lapwing.lint.hosts import Reach
from lapwing.lint.module import Definition


class Wait(NamedTuple):
    """How long a sleep takes."""

    seconds: float | None  # of one sleep; None where the code does not tell
    rounds: int = 1  # of loops around it whose count is known
    is_polling: bool = False  # in a loop that ends by a condition
    has_deadline: bool = False  # and that loop ends by the clock or after a number of rounds


class Site(NamedTuple):
    """One known call that is neither mocked nor exempt nor dead."""

    node: ast.AST  # the call, or the reference that is handed to something that calls it
    call: str  # canonical name
    operation: Operation
    body: Body
    definition: Definition | None  # the outermost function; None at module level
    function: str  # qualified name of the outermost function; "" at module level
    fixture: Fixture | None  # that the site stands in
    is_test: bool  # in a test function, not in a helper
    wait: Wait | None = None  # of a sleep
    reach: Reach | None = None  # of HTTP and sockets
    target: str = ""  # URL or host as far as known
    through: str = ""  # the known call in the function of the package that is called; "" for a known one
    ignored: tuple[str, ...] = ()  # mocks around it that replace something else
    is_reference: bool = False
    is_on_failure: bool = False  # where only a test that fails comes by
