"""What every test may use: pytest's own fixture for running pytest on a small suite."""

from hypothesis import settings

pytest_plugins = ["pytester"]

# How long an example takes says something of the machine and of coverage, nothing of the property.
settings.register_profile("lapwing", deadline=None)
settings.load_profile("lapwing")
