"""Probes: what a test does beyond computing, counted while it does it. One kind per file."""
