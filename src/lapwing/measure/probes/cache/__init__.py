"""Caches: what was found in them, and what was not. One library per file."""
