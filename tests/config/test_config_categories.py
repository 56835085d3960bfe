import pytest

from lapwing.config.categories import CATEGORIES, Category, category_of
from lapwing.config.globs import fits_any
from lapwing.units import NS_PER_S


@pytest.mark.parametrize(
    ("path", "markers", "category"),
    [
        ("tests/test_a.py", (), "unit"),
        ("tests/integration/test_a.py", (), "integration"),
        ("tests/integration_tests/test_a.py", (), "integration"),
        ("tests/integrations/test_a.py", (), "unit"),  # another word
        ("tests/test_api.py", (), "api"),
        ("tests/api-v2/test_a.py", (), "api"),
        ("tests/test_rapid.py", (), "unit"),
        ("tests/test_capital.py", (), "unit"),
        ("tests/e2e/api/test_a.py", (), "e2e"),  # the larger limit
        ("tests/integration/test_api.py", (), "integration"),  # equal limits: the first in the table
        ("src/apiClient.test.ts", (), "api"),
        ("src/CheckoutE2ETest.java", (), "e2e"),
        ("src/UserAPITest.java", (), "api"),
        ("src/RAPIDTest.java", (), "unit"),
        ("src/APIARYTest.java", (), "unit"),
        ("com.acme.api.UserTest", (), "api"),
        ("tests/test_a.py", ("slow",), "slow"),
        ("tests/test_a.py", ("api_test",), "api"),
        ("tests/test_a.py", ("stress_test",), "stress"),
        ("tests/e2e/test_a.py", ("unit",), "unit"),  # a marker beats a path
        ("tests/e2e/test_a.py", ("parametrize", "usefixtures"), "e2e"),
        ("tests/test_a.py", ("unit", "integration"), "integration"),
        ("tests/test_a.py", ("api", "integration"), "integration"),
        ("tests/test_a.py", ("slow", "e2e", "api"), "slow"),
        ("", (), "unit"),
    ],
)
def test_markers_then_words_of_the_path_decide(path: str, markers: tuple[str, ...], category: str) -> None:
    assert category_of(path, markers, CATEGORIES) == category


@pytest.mark.parametrize(
    ("path", "markers", "category"),
    [
        ("tests/db/test_a.py", (), "integration"),
        ("tests/db/test_api.py", (), "integration"),  # a configured glob beats a word
        ("tests/integration/test_a.py", (), "unit"),  # configured globs replace the word
        ("tests/api/test_a.py", (), "api"),  # other categories keep theirs
        ("tests/smoke/test_a.py", (), "smoke"),
        ("tests/test_a.py", ("database",), "integration"),
        ("tests/test_a.py", ("smoke",), "smoke"),
        ("tests/test_a.py", ("integration",), "integration"),  # its name is always a marker
        ("tests/smoke/db/test_a.py", (), "smoke"),  # any category's limit is 10 s if it sets none
    ],
)
def test_configured_globs_and_markers_decide(path: str, markers: tuple[str, ...], category: str) -> None:
    categories = {
        **CATEGORIES,
        "integration": CATEGORIES["integration"]._replace(paths=("tests/**/db",), markers=("database",)),
        "smoke": Category("smoke", paths=("tests/smoke/**",)),
    }

    assert category_of(path, markers, categories) == category


def test_default_limits_are_those_promised() -> None:
    limits = {name: category.limit_ns // NS_PER_S for name, category in CATEGORIES.items()}

    assert limits == {"slow": 30, "e2e": 10, "integration": 5, "api": 5, "stress": 10, "unit": 1}


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("tests/performance/*", "tests/performance/test_a.py", True),
        ("tests/performance/*", "tests/performance/deep/test_a.py", True),  # below a folder that fits
        ("tests/performance/*", "tests/performance2/test_a.py", False),
        ("tests/*/test_a.py", "tests/x/y/test_a.py", False),
        ("tests/**/test_a.py", "tests/x/y/test_a.py", True),
        ("tests/**/test_a.py", "tests/test_a.py", True),
        ("**/api/**", "api/test_a.py", True),
        ("**/api/**", "a/b/api/test_a.py", True),
        ("**", "a/b.py", True),
        ("tests/integration", "tests/integration/deep/test_a.py", True),
        ("tests/integration/", "tests/integration/test_a.py", True),
        ("./tests/a.py", "tests/a.py", True),
        ("/tests/a.py", "tests/a.py", True),
        ("/tests", "src/tests/a.py", False),
        ("test_slow_*.py", "deep/down/test_slow_a.py", True),
        ("test_slow_?.py", "test_slow_ab.py", False),
        ("perf", "tests/perf/test_a.py", True),
        ("perf", "tests/perf2/test_a.py", False),
        ("tests/a[1].py", "tests/a[1].py", True),
        ("tests/a.py", "tests/a_py", False),
        ("*.py", "odd\nname.py", True),
        ("*", "", True),
    ],
)
def test_globs_fit_paths(pattern: str, path: str, fits: bool) -> None:
    assert fits_any(path, [pattern]) is fits


def test_a_path_fits_any_of_several_globs_and_none_of_none() -> None:
    assert fits_any("b", ["a", "b"])
    assert not fits_any("b", [])
