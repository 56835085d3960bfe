"""Each part of the examination: what it takes for a problem, a note, or fine."""

import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest

from lapwing.config.load import load_settings
from lapwing.config.root import prepare_home, spool_path
from lapwing.config.settings import Settings
from lapwing.errors import StoreError
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.health import HealthFinding
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Run
from lapwing.operations.checkup import installation
from lapwing.operations.checkup.baseline import check_baseline
from lapwing.operations.checkup.configuration import check_git
from lapwing.operations.checkup.installation import (
    check_other_environment,
    check_plugin,
    check_tracing,
    check_versions,
)
from lapwing.operations.checkup.storage import check_place, check_spool, check_store
from lapwing.operations.checkup.surroundings import check_machine
from lapwing.store.baseline_file import write_baseline_file
from lapwing.store.open_store import open_store
from lapwing.store.run_files.folder import create_run_folder, hold, let_go

RUN = Run(run_id="run-1", started_at_ns=1, duration_ns=1, is_complete=True)


def told(findings: object) -> list[tuple[str, str]]:
    """Slugs and levels."""
    return [(each.slug, str(each.level)) for each in findings]  # type: ignore[attr-defined]


def settings_of(root: Path, table: str = "") -> Settings:
    if table:
        (root / "pyproject.toml").write_text(f"[tool.lapwing]\n{table}\n")
    return load_settings(root, environ={})


class TestInstallation:
    @pytest.mark.parametrize(
        ("packages", "levels"),
        [
            ({"pytest": "9.2.0"}, [("lapwing", "ok"), ("pytest", "ok")]),
            ({"pytest": "10.0.0rc1", "pytest-xdist": "3.5.0"}, [("lapwing", "ok"), ("pytest", "ok")]),
            ({"pytest": "7.4.4"}, [("lapwing", "ok"), ("pytest", "problem")]),
            ({}, [("lapwing", "ok"), ("pytest", "problem")]),
            (
                {"pytest": "8.0", "pytest-xdist": "3.4.9"},
                [("lapwing", "ok"), ("pytest", "ok"), ("pytest-xdist", "note")],
            ),
        ],
    )
    def test_old_versions_are_told(self, packages: dict[str, str], levels: list[tuple[str, str]]) -> None:
        assert told(check_versions(packages)) == levels

    @pytest.mark.parametrize(
        ("addopts", "environ", "level"),
        [
            ("", {}, "ok"),
            ("-p no:lapwing_other", {}, "ok"),
            ("-p no:lapwing", {}, "problem"),
            ("-q -pno:lapwing", {}, "problem"),
            ("", {"PYTEST_ADDOPTS": "-p no:lapwing"}, "problem"),
            ("--disable-plugin-autoload", {}, "problem"),
            ("", {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, "problem"),
            ("-p lapwing.plugin", {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, "ok"),
        ],
    )
    def test_what_keeps_the_plugin_out_is_told(
        self, tmp_path: Path, addopts: str, environ: Mapping[str, str], level: str
    ) -> None:
        (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {addopts}\n")

        assert str(check_plugin(tmp_path, environ).level) == level

    @pytest.mark.parametrize(
        ("file", "text"),
        [
            ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = ['-p', 'no:lapwing']\n"),
            ("setup.cfg", "[tool:pytest]\naddopts = -p no:lapwing\n"),
            ("pytest.toml", "[pytest]\naddopts = ['-p', 'no:lapwing']\n"),
        ],
    )
    def test_addopts_is_read_where_pytest_reads_it(self, tmp_path: Path, file: str, text: str) -> None:
        (tmp_path / file).write_text(text)

        assert check_plugin(tmp_path, {}).what == "the plugin is switched off with -p no:lapwing"

    def test_a_package_without_entry_point_is_a_problem(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = EntryPoint(name="xdist", value="xdist.plugin", group="pytest11")
        monkeypatch.setattr(installation, "entry_points", lambda group: [other])

        assert told([check_plugin(tmp_path, {})]) == [("plugin", "problem")]

    @pytest.mark.parametrize(
        ("installed", "found"),
        [
            (["pytest-9.0"], [("environment", "problem")]),
            (["pytest-9.0", "lapwing-0.1"], []),
            (["black-1.0"], []),
        ],
    )
    @pytest.mark.parametrize("is_active", [True, False])
    def test_an_environment_of_the_project_without_lapwing_is_a_problem(
        self, tmp_path: Path, installed: list[str], found: list[tuple[str, str]], is_active: bool
    ) -> None:
        home = tmp_path / ("elsewhere" if is_active else ".venv")
        for name in installed:
            (home / "lib" / "python3.13" / "site-packages" / f"{name}.dist-info").mkdir(parents=True)
        (home / "pyvenv.cfg").touch()
        environ = {"VIRTUAL_ENV": str(home)} if is_active else {}

        assert told(check_other_environment(tmp_path, environ)) == found

    @pytest.mark.parametrize(
        ("addopts", "count"), [("--cov=pkg", 1), ("--cov", 1), ("--cov-report=term", 0), ("", 0)]
    )
    def test_coverage_in_every_run_is_noted(self, tmp_path: Path, addopts: str, count: int) -> None:
        (tmp_path / "tox.ini").write_text(f"[pytest]\naddopts = {addopts}\n")

        assert len(list(check_tracing(tmp_path, {}))) == count


class TestStorage:
    def test_a_store_over_its_size_is_noted(self, tmp_path: Path) -> None:
        url = str(tmp_path / "store.sqlite")
        with open_store(url, create=True) as store:
            assert told(check_store(store, url, keep_bytes=1)) == [("store", "ok"), ("store-size", "note")]
            assert told(check_store(store, url, keep_bytes=0)) == [("store", "ok")]

    def test_a_store_that_cannot_be_opened_is_a_problem_with_its_mend(self) -> None:
        error = StoreError("broken", where="store.sqlite", mend="Remove it.")

        (finding,) = check_store(error, "store.sqlite", keep_bytes=0)

        assert (finding.what, finding.mend) == ("store.sqlite: broken", "Remove it.")

    def test_a_folder_that_cannot_be_written_is_a_problem(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda folder, mode: folder != tmp_path)

        (finding,) = check_place(str(tmp_path / "missing" / "store.sqlite"))

        assert (finding.slug, finding.what) == ("store-folder", f"{tmp_path} cannot be written")

    def test_a_full_disk_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=5_000_000))

        assert told(check_place(str(tmp_path / "store.sqlite"))) == [("disk", "problem")]

    def test_runs_in_the_spool_are_told_apart(self, tmp_path: Path) -> None:
        prepare_home(tmp_path)
        folder = create_run_folder(spool_path(tmp_path), RUN)
        held = hold(folder)

        written = told(check_spool(tmp_path, is_store_open=True))
        let_go(held)
        unreadable = told(check_spool(tmp_path, is_store_open=True))
        waiting = told(check_spool(tmp_path, is_store_open=False))

        assert written == [("spool-recording", "note")]
        assert unreadable == [("spool", "problem")]
        assert waiting == [("spool", "note")]


class TestBaseline:
    def findings(
        self, root: Path, baseline: BaselineFile | None, *, table: str = "", tests: int = 10
    ) -> list[HealthFinding]:
        """What is found beside a newest complete run of `tests` tests."""
        settings = settings_of(root, f'project = "p"\n{table}')
        if baseline is not None:
            write_baseline_file(settings.baseline_file, baseline)
        records = tuple(TestRecord(nodeid=f"t{at}", outcome=Outcome.PASSED, call_ns=1) for at in range(tests))
        run = RUN._replace(project="p", machine=Machine(cpu_model="Z80", cores=1))
        with open_store(str(root / "store.sqlite"), create=True) as store:
            store.write_run(RecordedRun(run=run, tests=records))
            return list(check_baseline(settings, store))

    def baseline(self, *, days: int = 0, tests: int = 10, machine_class: str = "") -> BaselineFile:
        date = (datetime.now(UTC).date() - timedelta(days=days)).isoformat()
        entries = {
            f"t{at}": BaselineEntry(nodeid=f"t{at}", duration_ns=10**6, threshold_ns=2 * 10**6)
            for at in range(tests)
        }
        return BaselineFile(date=date, tests=entries, machine_class=machine_class)

    def test_one_that_is_young_and_whole_is_fine(self, tmp_path: Path) -> None:
        assert told(self.findings(tmp_path, self.baseline(days=90, tests=9))) == [("baseline", "ok")]

    def test_an_old_one_is_noted(self, tmp_path: Path) -> None:
        (finding,) = self.findings(tmp_path, self.baseline(days=91))

        assert finding.what == "the baseline is 91 days old"

    def test_one_that_misses_many_tests_is_noted(self, tmp_path: Path) -> None:
        (finding,) = self.findings(tmp_path, self.baseline(tests=8))

        assert finding.what.startswith("the baseline misses 2 of 10 tests of the newest complete run (20%)")

    def test_one_of_another_machine_class_is_noted(self, tmp_path: Path) -> None:
        found = self.findings(tmp_path, self.baseline(machine_class="another"))

        assert told(found) == [("baseline-machine", "note")]

    @pytest.mark.parametrize(("source", "level"), [("auto", "note"), ("file", "problem"), ("history", "ok")])
    def test_a_missing_one_matters_as_far_as_it_is_asked_for(
        self, tmp_path: Path, source: str, level: str
    ) -> None:
        assert told(self.findings(tmp_path, None, table=f'baseline = "{source}"')) == [("baseline", level)]

    def test_a_broken_one_is_a_problem(self, tmp_path: Path) -> None:
        settings = settings_of(tmp_path)
        settings.baseline_file.write_text("{")

        assert told(check_baseline(settings, None)) == [("baseline", "problem")]


class TestGit:
    @pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
    def test_files_of_each_run_should_be_ignored_and_the_baseline_not(self, tmp_path: Path) -> None:
        (tmp_path / "tests").mkdir()
        (tmp_path / ".git").mkdir()
        for folder in ("objects", "refs"):
            (tmp_path / ".git" / folder).mkdir()
        (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        settings = settings_of(tmp_path)

        before = told(check_git(settings))
        (tmp_path / ".gitignore").write_text(".performance_*\nperformance_results/\n")
        after = told(check_git(settings))

        assert before == [("gitignore", "note")]
        assert after == [("baseline-ignored", "note")]

    def test_without_a_repository_nothing_is_said(self, tmp_path: Path) -> None:
        assert told(check_git(settings_of(tmp_path))) == []


class TestMachine:
    def test_what_a_container_grants_is_noted(self, tmp_path: Path) -> None:
        (tmp_path / "proc" / "self").mkdir(parents=True)
        (tmp_path / "proc" / "self" / "cgroup").write_text("0::/\n")
        (tmp_path / "proc" / "loadavg").write_text("0.00 0.00 0.00 1/100 1\n")
        group = tmp_path / "sys" / "fs" / "cgroup"
        group.mkdir(parents=True)
        (group / "cpu.max").write_text("50000 100000\n")

        found = list(check_machine(tmp_path))

        assert ("container", "note") in told(found)
        assert ("disturbance", "ok") in told(found)
        assert any(each.what == "a container grants 0.5 processors" for each in found)

    def test_disturbances_are_notes_with_their_mend(self, tmp_path: Path) -> None:
        (tmp_path / "proc").mkdir()
        (tmp_path / "proc" / "loadavg").write_text("900.00 0.00 0.00 1/100 1\n")

        (busy,) = (each for each in check_machine(tmp_path) if each.slug == "disturbance")

        assert str(busy.level) == "note"
        assert busy.mend
