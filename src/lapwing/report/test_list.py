"""A list of tests as columns of numbers: long enough to hold a whole suite, in no format."""

from lapwing.model.value import Value
from lapwing.report.chart import Scale


class NumberColumn(Value):
    """One number per test; None where it was not measured."""

    title: str
    scale: Scale
    values: tuple[int | None, ...]


class WordColumn(Value):
    """One word per test, of which there are few different ones."""

    title: str
    values: tuple[str, ...]


class TestList(Value):
    """Tests in the order in which they are shown first, every column as long as `nodeids`."""

    __test__ = False  # no test class, whatever a test module that imports it makes of the name

    nodeids: tuple[str, ...]
    numbers: tuple[NumberColumn, ...]
    words: tuple[WordColumn, ...]
