"""`lapwing load` and `lapwing stress`: what they refuse, and what they show of a result."""

import pytest

from lapwing.cli.load_choices import tick_line
from lapwing.cli.main import main
from lapwing.model.load import LoadUnit
from lapwing.perftest.load import LoadTick


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing.load]\nbase_url = "http://8.8.4.4"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("verb", ["load", "stress"])
def test_a_public_target_is_refused_unless_owned(verb, project, capsys):
    assert main([verb, "http://8.8.8.8/"]) == 2

    assert "--i-own-this-target" in capsys.readouterr().err


def test_the_configured_base_url_is_checked_too(project, capsys):
    assert main(["load", "/api"]) == 2

    assert "8.8.4.4" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["load", "http://127.0.0.1:9", "--header", "no colon"], "has no colon"),
        (["load", "http://127.0.0.1:9", "--body", "@missing.json"], "cannot be read"),
        (["load", "http://127.0.0.1:9", "--users", "0"], "--users 0 is not a whole number of 1 or more"),
        (["load", "http://127.0.0.1:9", "--workers", "-oProxyCommand=x"], "expected one argument"),
        (["load", "http://127.0.0.1:9", "--workers=a;b"], "is not the name of a machine"),
        (["load", "missing.py", "--host", "http://127.0.0.1:9"], "no such locustfile"),
        (["load", "missing.py", "--duration", "fast"], "is not a duration"),
        (
            ["load", "there.py", "--requests-per-user", "2"],
            "--requests-per-user is not for users of a locustfile",
        ),
        (["stress", "http://127.0.0.1:9", "--from", "9", "--to", "3"], "--to 3 is under --from 9"),
        (["load", "http://127.0.0.1:9", "--duration", "0"], "--duration '0' is under 1 s"),
        (["load", "http://127.0.0.1:9", "--max-p95", "soon"], "--max-p95: 'soon' is not a duration"),
        (["load", "http://127.0.0.1:9", "--workers=a b"], "--workers: 'a b' is not the name of a machine"),
        (["load", "ftp://127.0.0.1/"], "'ftp://127.0.0.1' is not an http address"),
    ],
)
def test_what_cannot_be_played_ends_with_2_and_the_reason(words, complaint, project, capsys):
    (project / "missing.py").unlink(missing_ok=True)
    if "--duration" in words:
        (project / "missing.py").write_text("")
    (project / "there.py").write_text("")

    try:
        code = main(words)
    except SystemExit as error:
        code = error.code

    assert code == 2
    assert complaint in capsys.readouterr().err


def test_a_locustfile_needs_a_host_that_can_be_checked(project, capsys):
    (project / "pyproject.toml").write_text("")
    (project / "locustfile.py").write_text("")

    assert main(["load", "locustfile.py"]) == 2

    assert "which host its users load cannot be told" in capsys.readouterr().err


def test_progress_says_rate_latency_and_failures_in_one_line():
    tick = LoadTick(
        100, LoadUnit.RPS, False, 200, answered_rps=98, failures=2, p95_ns=12_000_000, in_flight=3
    )

    assert tick_line(tick) == "100/s: 98/s, p95 12.0 ms, 2 failed, 3 under way"
    assert tick_line(LoadTick(20, LoadUnit.USERS, True, 7)) == "20 users: 7 users are there"
