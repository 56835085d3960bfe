"""The words that some settings take."""

from lapwing.model.word import Word


class BaselineSource(Word):
    """What runs are compared with."""

    AUTO = "auto"
    FILE = "file"
    HISTORY = "history"


class Preset(Word):
    """A set of limits to begin with."""

    DEFAULT = "default"
    STRICT = "strict"


class TimeoutMethod(Word):
    """How pytest-timeout stops a test."""

    AUTO = "auto"
    SIGNAL = "signal"
    THREAD = "thread"
