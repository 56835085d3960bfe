"""The hard cases of `n_plus_one.py` as code of Django's, by our rule, django-zeal and nplusone.

    PATH benchmarks/n_plus_one_django.py

PATH is an interpreter with Lapwing, Django, pytest, django-zeal and nplusone.
"""

import os
from collections import Counter
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.db import connection, models  # noqa: E402, as Django wants it

TOOLS = ("lapwing", "django-zeal", "nplusone")


class Author(models.Model):
    """Somebody, and who came before."""

    name = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)

    class Meta:  # noqa: D106, of Django
        app_label = "cases"


def one(number: int) -> Author:
    return Author.objects.get(id=number)


def loop() -> None:
    for number in range(1, 6):
        one(number)


def comprehension() -> None:
    [one(number) for number in range(1, 6)]


def recursion() -> None:
    def up(author: Author) -> None:
        if author.parent_id:  # type: ignore[attr-defined]
            up(one(author.parent_id))  # type: ignore[attr-defined]

    up(one(6))


def helper_on_three_lines() -> None:
    one(1)
    one(2)
    one(3)


def three_calls_on_one_line() -> None:
    (one(1), one(2), one(3))


def polling() -> None:
    for _ in range(5):
        one(1)


def chunks_of_in() -> None:
    for first in (1, 4, 7):
        list(Author.objects.filter(id__in=[first, first + 1, first + 2]))


def lazy_load() -> None:
    for author in Author.objects.filter(parent__isnull=False):
        str(author.parent.name)


def prefetch() -> None:
    for author in Author.objects.filter(parent__isnull=False).prefetch_related("parent"):
        str(author.parent.name)


def two_short_loops() -> None:
    for number in (1, 2):
        one(number)
    for number in (3, 4):
        one(number)


CASES = {
    loop: True,
    comprehension: True,
    recursion: True,
    helper_on_three_lines: False,
    three_calls_on_one_line: False,
    polling: False,
    chunks_of_in: False,
    lazy_load: True,
    prefetch: False,
    two_short_loops: False,
}


def main() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Author)
    for number in range(1, 10):
        Author.objects.create(id=number, name=f"author {number}", parent_id=number - 1 or None)
    right = Counter[str]()
    print(f"{'case':<26}{'N+1':<6}" + "".join(f"{tool:<14}" for tool in TOOLS))
    for case, is_known in CASES.items():
        told = {tool: _is_found(tool, case) for tool in TOOLS}
        for tool, answer in told.items():
            right[tool] += answer is is_known
        words = "".join(f"{'yes' if answer else 'no':<14}" for answer in told.values())
        print(f"{case.__name__:<26}{'yes' if is_known else 'no':<6}{words}")
    print(f"{'right':<32}" + "".join(f"{f'{right[tool]}/{len(CASES)}':<14}" for tool in TOOLS))


def _is_found(tool: str, case: object) -> bool:
    os.environ |= {"N_PLUS_ONE_BY": tool, "N_PLUS_ONE_ROOT": str(Path.cwd())}
    from n_plus_one_watch import WATCHES

    found: list[str] = []
    with WATCHES[tool](found):
        case()  # type: ignore[operator]
    return bool(found)


if __name__ == "__main__":
    main()
