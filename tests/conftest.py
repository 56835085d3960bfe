"""What every test may use: pytest's own fixture for running pytest on a small suite."""

pytest_plugins = ["pytester"]
