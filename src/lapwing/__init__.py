"""Lapwing makes a test suite's performance visible, keeps it, and says how to make it better."""

from lapwing._version import __version__

__all__ = ["__version__"]
