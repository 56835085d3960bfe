"""What importing a module cost while a suite was collected. Times in nanoseconds."""

from lapwing.model.value import Value


class ImportCost(Value):
    """One module, imported once."""

    module: str
    own_ns: int  # without the modules that it imported first
    cumulative_ns: int  # with them
    imported_by: str = ""  # who imported it first; empty for what pytest itself loaded by name


class ImportCosts(Value):
    """All imports of a collection."""

    imports: tuple[ImportCost, ...]  # the largest cumulative time first
    total_ns: int  # of all own times
    collected: bool  # pytest came to the end of collection
