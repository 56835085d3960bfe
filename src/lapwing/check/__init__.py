"""Limits: who is over a budget or a deadline, and what stops a test that is."""
