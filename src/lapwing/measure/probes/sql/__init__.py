"""Queries: what databases are asked, and which questions repeat. One driver per file."""
