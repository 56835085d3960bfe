"""Pages: what to say about a value, in which order, in no format yet. One topic per file."""
