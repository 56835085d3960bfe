"""The demo with suites of other people: strict ones, ones that are not installed, ones that cannot run."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lapwing_demo", DEMO)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestLoopScope:
    @pytest.mark.parametrize(("is_installed", "words"), [(True, 2), (False, 0)])
    def test_it_is_set_where_pytest_asyncio_would_warn(
        self,
        demo: ModuleType,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        is_installed: bool,
        words: int,
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if is_installed else None)

        assert len(demo.loop_scope(tmp_path)) == words

    def test_the_suites_own_choice_stands(
        self, demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
        (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = session\n")

        assert demo.loop_scope(tmp_path) == []

    def test_a_suite_that_blocks_the_plugin_would_not_know_the_option(
        self, demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
        (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:asyncio\n")

        assert demo.loop_scope(tmp_path) == []


def test_a_package_that_is_not_installed_can_be_imported(demo: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()

    places = demo.environment(tmp_path)["PYTHONPATH"].split(os.pathsep)

    assert {str(tmp_path), str(tmp_path / "src")} <= set(places)


def test_a_missing_requirement_is_named_with_the_way_to_install_it(demo: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_a.py").write_text("import frobnicate\n")

    said = demo.why_not(tmp_path)

    assert "no module named frobnicate" in said
    assert f"{sys.executable} -m pip install" in said
