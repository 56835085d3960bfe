"""The base of objects that are registered as plugins in every tracked run."""


class HookHolder:
    """Of which pytest sees the hooks only.

    It looks at every name of a plugin twice, for hooks and for fixtures, at 40,000 instructions
    each; an object of ours has fifty, most of them Python's own.
    """

    def __dir__(self) -> list[str]:
        return [name for name in vars(type(self)) if name.startswith("pytest_")]
