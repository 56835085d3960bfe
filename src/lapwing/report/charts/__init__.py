"""Charts as inline SVG: pure functions from neutral drawings to text, one kind per file."""
