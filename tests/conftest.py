"""What every test may use: pytest's own fixture for running pytest on a small suite."""

import os

from hypothesis import settings

pytest_plugins = ["pytester"]

# How long an example takes says something of the machine and of coverage, nothing of the property.
# In CI the same examples every time: a new one that fails belongs on a desk, not on someone's change.
settings.register_profile("lapwing", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("lapwing")
