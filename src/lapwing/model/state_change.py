"""One line of the log of what people and programs changed on a server."""

from lapwing.model.value import Value


class StateChange(Value):
    """Who changed what, and when."""

    at_ns: int  # since the epoch
    actor: str  # name of the token or session that did it
    act: str  # "token.create", "inbox.accept"
    subject: str  # what was changed
    project: str = ""  # whose it is; empty for the server's own
    detail: str = ""  # how, in words
