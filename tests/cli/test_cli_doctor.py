"""`lapwing doctor` from the outside: exit codes, and that it looks on whatever it meets."""

import json
from pathlib import Path

import pytest

from lapwing.cli.main import main
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store.open_store import open_store


def doctor(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """Exit code, and findings by slug."""
    code = main(["doctor", "--root", str(root), "--format", "json"])
    by_slug: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(capsys.readouterr().out)["findings"]:
        by_slug.setdefault(finding["slug"], []).append(finding)
    return code, by_slug


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "LAPWING_STORE", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)


def test_an_empty_folder_has_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = doctor(tmp_path, capsys)

    assert code == 0
    assert found["store"][0]["what"] == "no run is recorded yet"
    assert found["plugin"][0]["level"] == "ok"
    assert not list(tmp_path.iterdir())


def test_the_worst_comes_first_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\ntrak = true\n")

    code = main(["doctor", "--root", str(tmp_path)])

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[0].startswith("1 problem")
    assert lines[1].startswith("problem: ")
    assert any("To mend: Did you mean 'track'?" in line for line in lines)


def test_each_fault_of_the_settings_is_a_finding_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\ntrak = true\nkeep_days = 'x'\n")

    code, found = doctor(tmp_path, capsys)

    assert code == 1
    assert [each["level"] for each in found["configuration"]] == ["problem", "problem"]
    assert {"store", "spool", "machine", "clock"} <= set(found)


def test_a_store_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = TestRecord(nodeid="t", outcome=Outcome.PASSED, call_ns=1)
    (tmp_path / ".lapwing").mkdir()
    with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=True) as store:
        store.write_run(
            RecordedRun(
                run=Run(run_id="r", started_at_ns=1, duration_ns=1, is_complete=True), tests=(record,)
            )
        )

    code, found = doctor(tmp_path, capsys)

    assert code == 0
    assert "1 run, 1 of them complete" in found["store"][0]["what"]


def test_a_broken_store_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".lapwing" / "spool").mkdir(parents=True)
    (tmp_path / ".lapwing" / "store.sqlite").write_bytes(b"no database" * 100)

    code, found = doctor(tmp_path, capsys)

    assert code == 1
    assert found["store"][0]["level"] == "problem"
    assert found["store"][0]["mend"]


def test_a_missing_root_could_not_be_looked_at(tmp_path: Path) -> None:
    assert main(["doctor", "--root", str(tmp_path / "none")]) == 2
