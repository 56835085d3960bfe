"""A query that a test asked again and again."""

from lapwing.model.value import Value


class QueryPattern(Value):
    """Queries of one fingerprint along one path of calls."""

    fingerprint: str  # the SQL with its values folded into `?`
    count: int
    duration_ns: int  # of all of them together
    rounds_ns: int  # with what is done for each of them at least, such as by an ORM: as many shortest rounds
    is_n_plus_one: bool  # parameters differ; otherwise each was the same query once more
    path: tuple[str, ...]  # file:line of the project's own frames, innermost first


class Asked(Value):
    """What a piece of code asked of databases."""

    queries: int
    duration_ns: int  # of all of them together
    patterns: tuple[QueryPattern, ...] = ()
