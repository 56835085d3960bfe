"""Runs at rest: the embedded store, baseline and data files, spool files, retention."""
