"""`lapwing lint` at the command line."""

import json
import subprocess

import pytest

from lapwing.cli.main import main
from lapwing.model.record import CollectRecord, Count, Outcome, TestRecord
from lapwing.store.open_store import open_store

MS = 1_000_000
SLEEPY = "import time\n\n\ndef test_waits():\n    time.sleep(1)\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one sleeping test; the working folder."""
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(SLEEPY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text_shows_place_line_arrow_and_what_to_do(project, capsys):
    code = main(["lint"])

    out = capsys.readouterr().out
    assert code == 1
    assert "tests/test_it.py:5:5: LW101 real-sleep: time.sleep waits 1.00 s of real time" in out
    assert "5 | time.sleep(1)\n        | ^^^^^^^^^^^^^\n" in out
    assert "1 finding to mend in 1 file" in out


def test_json_has_the_keys_of_the_contract_and_no_other(project, capsys):
    main(["lint", "tests/test_it.py", "--format", "json"])

    document = json.loads(capsys.readouterr().out)
    assert document.keys() == {"format_version", "findings"}
    (finding,) = document["findings"]
    assert finding.keys() == {
        *("code", "file", "line", "col", "call", "kind", "confidence", "gate", "message"),
    }
    assert (finding["file"], finding["line"], finding["col"]) == ("tests/test_it.py", 5, 5)
    assert (finding["code"], finding["call"], finding["kind"]) == ("LW101", "time.sleep", "sleep")


@pytest.mark.parametrize(("package_file", "code"), [("checks/test_a.py", 1), ("checks/__init__.py", 0)])
def test_a_test_path_is_looked_through_whole_but_for_the_package_under_test(project, package_file, code):
    (project / "pytest.ini").write_text("[pytest]\ntestpaths = checks\n")
    (project / "tests" / "test_it.py").unlink()
    (project / "checks").mkdir()
    (project / "checks" / package_file.removeprefix("checks/")).write_text("")
    (project / "checks" / "waiting.py").write_text("import time\ndef wait(): time.sleep(1)\n")

    assert main(["lint"]) == code


def test_nothing_to_mend_is_exit_code_0(project, capsys):
    (project / "tests" / "test_it.py").write_text("def test(): ...\n")

    assert main(["lint"]) == 0
    assert "nothing to mend in 1 file" in capsys.readouterr().out


def test_a_path_that_is_not_there_is_exit_code_2(project, capsys):
    assert main(["lint", "nowhere"]) == 2
    assert "nowhere: there is no such file or folder" in capsys.readouterr().err


def test_an_unknown_rule_is_refused_with_those_there_are(project, capsys):
    assert main(["lint", "--select", "LW999"]) == 2
    assert "LW101 real-sleep" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--ignore", "LW101"],
        ["--select", "LW103,LW104"],
        ["--per-file", "tests/**:real-sleep"],
    ],
)
def test_rules_can_be_left_out(project, words):
    assert main(["lint", *words]) == 0


def test_the_configuration_holds_for_lint(project, capsys):
    (project / "pyproject.toml").write_text(
        '[tool.lapwing.lint]\nsleep_threshold = "2s"\nper_file = { "a/**" = ["LW101"] }\nnonsense = 1\n'
    )

    assert main(["lint"]) == 0
    assert "nonsense" in capsys.readouterr().err


def test_a_baseline_lets_old_findings_through_and_new_ones_fail(project):
    first, second = main(["lint", "--baseline"]), main(["lint", "--baseline"])
    test = project / "tests" / "test_it.py"
    test.write_text("# a line above\n" + SLEEPY + "\n\ndef test_new():\n    time.sleep(2)\n")

    third = main(["lint", "--baseline"])

    assert (first, second, third) == (0, 0, 1)
    assert main(["lint", "--baseline", "--update-baseline"]) == 0
    assert main(["lint", "--baseline"]) == 0


def test_a_broken_baseline_is_told_and_kept(project, capsys):
    (project / ".lapwing-lint.json").write_text("[]")

    assert main(["lint", "--baseline"]) == 2
    assert (project / ".lapwing-lint.json").read_text() == "[]"
    assert "this is no baseline" in capsys.readouterr().err


def git(project, *words):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *words], cwd=project, check=True, capture_output=True)


def test_diff_looks_only_at_changed_lines(project, capsys):
    git(project, "init", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-m", "one")
    unchanged = main(["lint", "--diff", "main"])
    (project / "tests" / "test_it.py").write_text(SLEEPY + "\n\ndef test_new():\n    time.sleep(2)\n")
    (project / "tests" / "test_new.py").write_text(SLEEPY)
    capsys.readouterr()

    changed = main(["lint", "--diff", "main", "--format", "json"])

    places = [(each["file"], each["line"]) for each in json.loads(capsys.readouterr().out)["findings"]]
    assert (unchanged, changed) == (0, 1)
    assert places == [("tests/test_it.py", 9), ("tests/test_new.py", 5)]
    assert main(["lint", "--diff", "nonsense"]) == 2


def test_explain_prints_the_page_of_a_rule(project, capsys):
    assert main(["lint", "--explain", "polling-loop"]) == 0

    assert capsys.readouterr().out.startswith("LW105 polling-loop: A loop that sleeps")


def test_sarif_declares_all_rules_and_names_findings_stably(project, capsys):
    main(["lint", "--format", "sarif"])
    first = json.loads(capsys.readouterr().out)["runs"][0]
    (project / "tests" / "test_it.py").write_text("# a line above\n" + SLEEPY)

    main(["lint", "--format", "sarif"])

    second = json.loads(capsys.readouterr().out)["runs"][0]
    (before,), (after,) = first["results"], second["results"]
    rules = first["tool"]["driver"]["rules"]
    assert rules[before["ruleIndex"]]["id"] == "LW101"
    assert len(rules) == 15
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["locations"][0]["physicalLocation"]["region"]["startLine"] == 5


def test_annotations_escape_what_a_workflow_would_obey(project, capsys):
    (project / "tests" / "test_a,b%.py").write_text(SLEEPY)

    main(["lint", "tests/test_a,b%.py", "--format", "github"])

    out = capsys.readouterr().out
    assert out.startswith(
        "::error file=tests/test_a%2Cb%25.py,line=5,col=5,title=LW101 time.sleep::time.sleep"
    )


def test_gitlab_gets_a_fingerprint_and_a_place(project, capsys):
    main(["lint", "--format", "gitlab"])

    (row,) = json.loads(capsys.readouterr().out)
    assert row["location"] == {"path": "tests/test_it.py", "lines": {"begin": 5}}
    assert row["fingerprint"]


def test_hostile_source_lines_are_written_out(project, capsys):
    (project / "tests" / "test_it.py").write_text(
        "import time\ndef test(): time.sleep(1)  # \x1b[31m\u202e\n"
    )

    main(["lint"])

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[31m\\u202e" in out


def test_a_cached_run_says_the_same_until_a_file_it_depends_on_changes(project, capsys):
    for at in range(30):
        (project / "tests" / f"test_{at}.py").write_text(SLEEPY)

    def found(*words):
        main(["lint", "--format", "json", *words])
        return json.loads(capsys.readouterr().out)["findings"]

    cold, cached, uncached = found(), found(), found("--no-cache")
    (project / "tests" / "conftest.py").write_text(
        "import pytest, time\n\n@pytest.fixture(autouse=True)\ndef quick(monkeypatch):\n"
        "    monkeypatch.setattr(time, 'sleep', print)\n"
    )

    assert cold == cached == uncached
    assert len(cold) == 31
    assert found() == []


def test_a_cached_run_sees_that_a_checked_file_which_others_import_has_changed(project, capsys):
    for at in range(30):
        (project / "tests" / f"test_{at}.py").write_text(
            "from waiting import settle\ndef test():\n    settle()\n"
        )
    waiting = project / "tests" / "waiting.py"
    waiting.write_text("import time\ndef settle():\n    time.sleep(1)\n")

    def callers():
        main(["lint", "--format", "json"])
        findings = json.loads(capsys.readouterr().out)["findings"]
        return [each["line"] for each in findings if "calls settle" in each["message"]]

    before = callers()
    waiting.write_text("import time\ndef settle():\n    time.sleep(0)\n")

    assert before == [3] * 30
    assert callers() == []


@pytest.fixture
def recorded(project, make_run):
    """The project with three recorded runs: test_waits sleeps 1 s, test_works takes 14 s, test_short 20
    ms.
    """
    (project / "tests" / "test_it.py").write_text(
        "import time\n\n\ndef test_short():\n    time.sleep(0.02)\n\n\ndef test_works():\n    pass\n\n\n"
        "def test_waits():\n    time.sleep(1)\n"
    )
    took = {"short": (20, 20), "works": (14_000, 0), "waits": (1_000, 1_000)}
    with open_store(str(project / ".lapwing" / "store.sqlite"), create=True) as store:
        for number in range(3):
            tests = tuple(
                TestRecord(
                    nodeid=f"tests/test_it.py::test_{name}",
                    outcome=Outcome.PASSED,
                    call_ns=call * MS,
                    counters={"sleep": Count(1, slept * MS)},
                )
                for name, (call, slept) in took.items()
            )
            store.write_run(make_run(number, project=project.name)._replace(tests=tests))
    return project


def test_history_ranks_by_the_time_that_runs_lost(recorded, capsys):
    code = main(["lint", "--with-history", "--format", "json"])

    findings = json.loads(capsys.readouterr().out)["findings"]
    found = [(each["code"], each["line"], each.get("lost_ns")) for each in findings]
    assert code == 1
    assert found == [("LW101", 13, 1_000 * MS), ("LW101", 5, 20 * MS), ("LW113", 8, None)]


def test_history_tells_which_files_take_long_to_collect(project, make_run, capsys):
    sources = {"slow": "import os\nimport shop\n", "heavy": "import torch\n", "quick": "import shop\n"}
    uses = "\n\ndef test_a(): ...\n\n\ndef test_b(): ...\n\n\ndef test_c(): ...\n"
    took = {"slow": (400, 600, 900), "heavy": (100, 200, 300), "quick": (100, 200, 2_000)}
    for name, source in sources.items():
        (project / "tests" / f"test_{name}.py").write_text(source + uses)
    with open_store(str(project / ".lapwing" / "store.sqlite"), create=True) as store:
        for number in range(3):
            collection = tuple(
                CollectRecord(nodeid=f"tests/test_{name}.py", duration_ns=durations[number] * MS)
                for name, durations in took.items()
            )
            store.write_run(make_run(number, project=project.name)._replace(tests=(), collection=collection))

    main(["lint", "--with-history", "--format", "json"])

    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [
        (each["file"], each["line"], each["lost_ns"]) for each in findings if each["code"] == "LW109"
    ] == [
        ("tests/test_slow.py", 2, 600 * MS),
        ("tests/test_heavy.py", 1, 200 * MS),
    ]


def test_history_is_said_in_words(recorded, capsys):
    main(["lint", "--with-history"])

    out = capsys.readouterr().out
    assert "= 1.00 s of every recorded run" in out
    assert (
        "takes 14.0 s (95th percentile of recorded runs), over the 1.00 s of category unit, and has no mark"
        in out
    )


def test_without_a_recorded_run_there_is_no_history(project, capsys):
    assert main(["lint", "--with-history"]) == 2


def test_a_cached_run_sees_that_the_configuration_of_pytest_has_changed(project, capsys):
    for at in range(20):
        (project / "tests" / f"test_{at}.py").write_text(SLEEPY)
    assert main(["lint"]) == 1

    (project / "pytest.ini").write_text("[pytest]\nnorecursedirs = tests\n")

    assert main(["lint"]) == 0
