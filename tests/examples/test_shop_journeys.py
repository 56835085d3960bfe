"""The browser journeys of the example shop pass in a real Chromium, and what they measure is kept."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from lapwing.config.root import store_path
from lapwing.store.open_store import open_store

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.mark.slow_suite
def test_the_journeys_of_the_shop_pass_and_are_kept(pytester, monkeypatch):
    if find_spec("playwright") is None:
        pytest.skip("playwright is not installed")
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    shop = shutil.copytree(SHOP, pytester.path / "shop")
    monkeypatch.chdir(shop)

    result = pytester.runpytest_subprocess(
        "-p", "lapwing.plugin", "-p", "no:cacheprovider", "--track-performance", "journeys", timeout=300
    )

    assert result.ret == 0
    with open_store(str(store_path(shop)), create=False) as store:
        (digest,) = store.runs()
        kept = {(each.name, each.metric): each for each in store.read_run(digest.run.run_id).benchmarks}
    assert {("open and search", "lcp"), ("open and search", "inp"), ("/products/P00001", "ttfb")} <= set(kept)
    assert len(kept["open and search", "inp"].samples) == 5
