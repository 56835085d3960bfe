"""What lint saw at a place, and how sure it is."""

from enum import StrEnum

from lapwing.model.value import Value


class Confidence(StrEnum):
    """How sure a finding is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Finding(Value):
    """One place of the code that makes tests slow, or may."""

    code: str  # such as LW101
    file: str  # relative to the working folder, with `/`
    line: int  # from 1
    col: int  # from 1, in characters
    call: str  # what is called there, as it resolved: `time.sleep`; "" where it is no call
    kind: str  # sleep, http, subprocess, socket, wait, fixture, import, parameters, clock, test, file, waiver
    confidence: Confidence
    gate: bool  # whether it fails the hook
    message: str  # what it is, and after a colon why it is believed
    source: str = ""  # the line as it stands in the file
    length: int = 1  # characters of `source` that the finding is about, from `col`
    function: str = ""  # qualified name of the function around it, `TestCase.test_x`; "" at module level
    lost_ns: int | None = None  # wall time that a recorded run loses here; None: not known
    fingerprint: str = ""  # the same as long as file, function and the line's text are; 24 hexadecimal digits


class RuleFacts(Value):
    """What reports say of a rule."""

    code: str
    name: str
    summary: str  # one sentence
    advice: str  # what to do instead, one sentence
    page: str  # its documentation, Markdown
