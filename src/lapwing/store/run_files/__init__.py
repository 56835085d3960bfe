"""Spool files: what each process of a run has written down so far, one line per event."""
