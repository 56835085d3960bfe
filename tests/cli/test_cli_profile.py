"""`lapwing profile`."""

import importlib.util
import json
import pstats
import sys
from pathlib import Path

import pytest

CART = """
import time

def wait():
    time.sleep(0.02)

def numbers(count):
    return [str(number) * 20 for number in range(count)]
"""
SUITE = """
import pytest
from cart import numbers, wait

@pytest.fixture(scope="session")
def till():
    wait()
    yield
    wait()

@pytest.mark.parametrize("text", ["a b::c[<b>]"])
def test_pay(till, text):
    wait()
    kept = numbers(20_000)
    assert len(kept) == 20_000

def test_breaks():
    wait()
    raise OSError("broken")

@pytest.mark.skip
def test_left_out():
    pass
"""
PAY = "tests/test_cart.py::test_pay[a b::c[<b>]]"


@pytest.fixture
def cart(shop):
    (shop.root / "cart.py").write_text(CART)
    (shop.root / "tests/test_cart.py").write_text(SUITE)
    (shop.root / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = ["-p", "no:asyncio"]\n[tool.lapwing]\n'
    )
    return shop


def test_own_lines_come_first_with_what_they_called(cart):
    pytest.importorskip("pyinstrument")

    document = cart.json("profile", PAY)

    places = [(spot["file"], spot["function"], spot["through"]) for spot in document["own"]]
    assert ("cart.py", "wait", "sleep") in places
    assert document["own_share"] > 0.5  # the rest is of waits for a processor
    assert (document["profiler"], document["unit"], document["outcome"]) == ("pyinstrument", "ns", "passed")
    assert document["total"] > 60_000_000


@pytest.mark.parametrize(
    "strict", ['addopts = ["--strict-config", "-p", "no:cacheprovider"]', "strict = true"]
)
def test_a_project_that_has_no_cache_and_is_strict_about_options_is_profiled(strict, cart):
    """Nobody knows `cache_dir` there, which is to be in another folder elsewhere."""
    pytest.importorskip("pyinstrument")
    uncached = "" if strict.startswith("addopts") else 'addopts = "-p no:cacheprovider"\n'
    (cart.root / "pyproject.toml").write_text(
        f'[tool.pytest.ini_options]\npythonpath = ["."]\n{strict}\n{uncached}[tool.lapwing]\n'
    )

    assert cart.json("profile", PAY)["outcome"] == "passed"


def test_a_page_and_a_file_for_speedscope_are_written_and_need_no_network(cart):
    pytest.importorskip("pyinstrument")

    page, scope = (cart.root / name for name in cart.json("profile", PAY)["files"])

    text = page.read_text("utf-8")
    assert page.parent.parent == cart.root / ".lapwing/profiles"
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text
    assert "<b>" not in text
    assert {frame["name"] for frame in json.loads(scope.read_text())["shared"]["frames"]} >= {
        "wait",
        "set-up",
    }


def test_the_summary_is_kept_with_the_history_of_the_test(cart):
    pytest.importorskip("pyinstrument")
    cart.run("run", "--", "-q")

    cart.run("profile", "test_pay")

    (kept,) = cart.json("history", PAY)["profiles"]
    assert kept["own"][0]["file"] == "cart.py"
    assert cart.run("history", PAY) == 0
    assert "under pyinstrument" in cart.out


def test_memory_is_told_by_the_line_that_holds_it(cart):
    pytest.importorskip("memray")

    document = cart.json("profile", PAY, "--memory")

    hottest = document["own"][0]
    assert (hottest["file"], hottest["line"]) == ("cart.py", 8)
    assert hottest["cost"] > 1_000_000
    assert [Path(name).suffixes[-2:] for name in document["files"]][-1] == [".memray", ".bin"]


def test_cprofile_counts_calls_and_leaves_a_file_for_pstats(cart):
    document = cart.json("profile", PAY, "--cprofile")

    *_, raw = document["files"]
    assert ("cart.py", "wait") in [(spot["file"], spot["function"]) for spot in document["own"]]
    assert any(name[2] == "wait" for name in pstats.Stats(str(cart.root / raw)).stats)


def test_a_test_that_fails_is_profiled_and_said_to_fail(cart):
    assert cart.run("profile", "tests/test_cart.py::test_breaks", "--cprofile") == 0

    assert "(failed)" in cart.out
    assert "cart.py" in cart.out


def test_files_go_where_they_are_wanted(cart):
    cart.run("profile", PAY, "--cprofile", "--output", "there")

    endings = sorted("".join(path.suffixes) for path in (cart.root / "there").iterdir())
    assert endings == [".html", ".prof", ".speedscope.json"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tests/test_cart.py::test_nobody", "no test ran"),
        ("tests/test_cart.py::test_left_out", "it was skipped"),
    ],
)
def test_a_test_of_which_nothing_can_be_seen_ends_with_2(cart, name, said):
    assert cart.run("profile", name, "--cprofile") == 2

    assert said in cart.err or "skipped" in cart.err


def test_without_the_library_the_install_line_is_given(cart, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "lapwing.profiling.profiler.find_spec", lambda name: None if name == "memray" else find(name)
    )

    assert cart.run("profile", PAY, "--memory") == 2

    assert "pip install 'lapwing[profile]'" in cart.err


def test_other_python_files_of_the_environment_are_no_own_code(cart):
    document = cart.json("profile", PAY, "--cprofile")

    assert not any(spot["file"].startswith(sys.prefix) for spot in document["own"])
    assert all(not spot["file"].startswith("/") for spot in document["own"])
