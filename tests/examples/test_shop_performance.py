"""The performance tests of the example shop pass, tracked, and what they measure is kept."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from lapwing.config.root import store_path
from lapwing.store.open_store import open_store

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.mark.slow_suite
def test_each_kind_of_performance_test_passes_and_is_kept(pytester, monkeypatch):
    if find_spec("locust") is None:  # importing it would patch this process
        pytest.skip("locust is not installed")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    shop = shutil.copytree(SHOP, pytester.path / "shop")
    monkeypatch.chdir(shop)

    result = pytester.runpytest_subprocess(
        "-p", "lapwing.plugin", "-p", "no:cacheprovider", "--track-performance", "performance", timeout=300
    )

    assert result.ret == 0
    with open_store(str(store_path(shop)), create=False) as store:
        (digest,) = store.runs()
        kept = {(each.name, each.metric) for each in store.read_run(digest.run.run_id).benchmarks}
    assert {
        ("search", "wall"),
        ("test_price_book_performance", "cpu"),
        ("Cart.lines", "queries"),
        ("SearchIndex.search", "leaked_bytes"),
        ("import", "wall"),
        ("products", "products"),
    } <= kept
