"""The samples of several tests, found in the blocks of many runs. No connection."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from lapwing.model.value import Value
from lapwing.store.block_reading import sample_columns
from lapwing.store.packed_columns import head_of, rows_form
from lapwing.store.result_blocks import BLOCK_WIDTH, SAMPLE_COLUMNS, place_of


class _Form(Value):
    """Where the wanted tests lay in the last block of a place."""

    head: bytes  # how blocks of this form begin
    numbers: Any  # the Struct that unpacks all their numbers at once
    picks: Sequence[Any]  # one per test: its sample out of those numbers
    tests: Sequence[int]


class SamplesFinder:
    """Finds `SAMPLE_COLUMNS` of some tests in one block after another, as far as they are there.

    Blocks of one place mostly are of one form and hold their tests in the same order, run after run: where
    the last one had them is looked first, and all of their numbers are read at once.
    """

    def __init__(self, tests: Iterable[int]) -> None:
        self._wanted = {place: list(numbers) for place, numbers in groupby(sorted(tests), place_of)}
        self._forms: dict[int, _Form] = {}

    @property
    def places(self) -> list[int]:
        """The places whose blocks may hold one of the tests."""
        return list(self._wanted)

    def __call__(self, place: int, data: bytes) -> Sequence[Sequence[int | None]]:
        """The samples in the block `data` of one of the places."""
        form = self._forms.get(place)
        if form is not None and data.startswith(form.head):
            numbers = form.numbers.unpack_from(data)
            samples: list[Sequence[int | None]] = [pick(numbers) for pick in form.picks]
            if [sample[0] for sample in samples] == form.tests:
                return samples
        wanted = self._wanted[place]
        columns: list[Any] = sample_columns(data)
        held = columns[0]
        places = zip(wanted, (bisect_left(held, test) for test in wanted), strict=True)
        rows = [row for test, row in places if row < len(held) and held[row] == test]
        # Without one of the tests the next block may hold more than this one.
        self._forms.pop(place, None)
        whole = rows_form(data, BLOCK_WIDTH, len(SAMPLE_COLUMNS), rows) if len(rows) == len(wanted) else None
        if whole is not None:
            numbers, chosen = whole
            picks = [itemgetter(*each) for each in chosen]
            self._forms[place] = _Form(head_of(data, len(SAMPLE_COLUMNS)), numbers, picks, wanted)
        return [[column[row] for column in columns] for row in rows]
