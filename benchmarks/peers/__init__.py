"""Other ways to tell a slowdown, one per file, each judging rows of values by themselves.

Each has `alarms(before, after)`: arrays of shape (tests, baseline runs) and (tests, new runs), in
nanoseconds; the answer is an array of booleans, one per test, true where it would report a slowdown.
"""
