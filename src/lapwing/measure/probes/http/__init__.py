"""Requests that a test sends. One library per file; the outermost of them counts."""
