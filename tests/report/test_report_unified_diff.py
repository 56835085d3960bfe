"""Diffs that people read and `patch` takes."""

from lapwing.report.render.unified_diff import render_diff


def test_a_new_file_comes_from_nowhere() -> None:
    assert render_diff("a", None, "x\n").splitlines()[:2] == ["--- /dev/null", "+++ b/a"]


def test_tabs_stay_and_other_controls_are_escaped() -> None:
    assert render_diff("a", "", "\tx\x1b[31m\r\n").endswith("+\tx\\x1b[31m\n")


def test_a_missing_line_end_is_told() -> None:
    assert render_diff("a", "x", "x\ny\n").splitlines()[3:] == [
        "-x",
        "\\ No newline at end of file",
        "+x",
        "+y",
    ]
