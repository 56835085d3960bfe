"""What pytest must know to run the tests, and where it keeps runs apart. Pure."""

import json
import shlex
from collections.abc import Sequence

from lapwing.environment.django_tests import VARIABLE, DjangoTests

_MOST_NAMES = 3


def packages_note(packages: Sequence[str]) -> str:
    """How packages that pytest takes for projects of their own are set up, the first as an example."""
    first = packages[0]
    up = "/".join(".." for _ in first.split("/"))
    more = f" and {len(packages) - _MOST_NAMES} more" if len(packages) > _MOST_NAMES else ""
    return (
        f"{', '.join(packages[:_MOST_NAMES])}{more}: pytest is configured there, so what is run there is "
        f"kept there. Set each up so: lapwing --root {shlex.quote(first)} init\n"
        f'For one history of all, {first}/pyproject.toml would say: store = "{up}/.lapwing/store.sqlite" '
        f"and package = {json.dumps(first)}."
    )


def django_note(tests: DjangoTests, pytest_config: str) -> str:
    """How pytest runs tests that Django's own runner starts, which loads no plugin."""
    place = pytest_config or "pyproject.toml [tool.pytest.ini_options]"
    is_toml = ".toml" in place
    settings = f"{VARIABLE} = {json.dumps(tests.settings) if is_toml else tests.settings}"
    files = 'python_files = ["test_*.py", "tests.py"]' if is_toml else "python_files = test_*.py tests.py"
    also = f" and {files}" if tests.has_tests_modules else ""
    return (
        "Django's own runner records nothing, and pytest does not know Django's settings: "
        f"pip install pytest-django, and write into {place}: {settings}{also}"
    )
