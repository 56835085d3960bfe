"""A static look at test files: what in them makes tests slow. Nothing is imported or run."""
