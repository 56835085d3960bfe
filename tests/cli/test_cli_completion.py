"""`lapwing completion`, asked by the shells themselves."""

import shutil
import subprocess
import sys

import pytest

from lapwing.cli.main import main

ASKED = {
    "bash": """
source {script}
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
$(complete -p lapwing | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "${{COMPREPLY[@]}}"
""",
    "fish": "source {script}; complete -C'{words}'",
}


@pytest.fixture(params=["bash", "fish"])
def complete(request, tmp_path, capsys):
    """What a shell offers for the last of some words."""
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert main(["completion", shell]) == 0
    script = tmp_path / f"script.{shell}"
    script.write_text(capsys.readouterr().out)
    (tmp_path / "report.json").touch()

    def answer(words):
        asked = ASKED[shell].format(script=script, words=words)
        done = subprocess.run([shell, "-c", asked], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.stderr == ""
        return {line.split("\t")[0] for line in done.stdout.splitlines()}

    return answer


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("lapwing rep", {"report"}),
        ("lapwing report --comp", {"--compare-baseline"}),
        ("lapwing report --format j", {"json", "junit"}),
        ("lapwing baseline u", {"update"}),
        ("lapwing report --output rep", {"report.json"}),
    ],
)
def test_the_shell_offers_what_goes_on(complete, words, offered):
    assert complete(words) == offered


def test_zsh_takes_its_script(capsys, tmp_path):
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    assert main(["completion", "zsh"]) == 0
    script = tmp_path / "_lapwing"
    script.write_text(capsys.readouterr().out)

    subprocess.run(["zsh", "-n", script], check=True, timeout=60)

    assert script.read_text().startswith("#compdef lapwing")


def test_without_shtab_the_install_line_is_given(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "shtab", None)

    assert main(["completion", "bash"]) == 2

    assert "pip install 'lapwing[completion]'" in capsys.readouterr().err
