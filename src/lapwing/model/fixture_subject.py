"""What a fixture is called where its runs are compared."""


def fixture_subject(name: str, location: str) -> str:
    """`name (file)`: the line of a definition moves with every edit above it."""
    file, colon, line = location.rpartition(":")
    return f"{name} ({file if colon and line.isdigit() else location})"
