from datetime import date

import pytest


@pytest.fixture(scope="session")
def today():
    return date(2024, 5, 17)
