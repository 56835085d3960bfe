"""What Python tells of the system that a usual test run takes place on. Pure."""

from typing import Final

FACTS: Final = {
    "sys.platform": "linux",
    "sys.platform.lower()": "linux",
    "os.name": "posix",
    "platform.python_implementation()": "CPython",
    "sys.implementation.name": "cpython",
    "platform.system()": "Linux",
    "platform.system.lower()": "linux",  # of a call of what a call gives, the inner one is not written
}
"""Name -> its value; calls end in brackets."""
