"""Findings of lint as text: one file per format, each a function from findings to text."""
