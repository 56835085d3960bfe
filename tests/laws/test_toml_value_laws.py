"""Setting one value in a TOML file changes that value, and nothing else of what the file means or shows."""

import tomllib

from hypothesis import example, given
from hypothesis import strategies as st

from lapwing.operations.init.toml_value import with_value

_LINES = st.sampled_from(
    [
        "[tool.lapwing]",
        '[tool."lapwing"]  # ours',
        "[tool.lapwing.categories.unit]",
        "[tool.lapwing.categories]",
        "[[tool.other]]",
        "[project]",
        'budget = "2s"  # agreed',
        "'budget' = '2s'",
        "budget = 7",
        "unit.budget = '1s'",
        'unit = { budget = "1s" }',
        'markers = ["a", "b"]',
        "paths = [",
        '    "[tool.lapwing.categories.unit]",',
        "]",
        'text = """',
        '"""',
        "# budget = 3",
        "",
    ]
)
_TABLE = ("tool", "lapwing", "categories", "unit")


@given(lines=st.lists(_LINES, max_size=12), newline=st.sampled_from(["\n", "\r\n"]), ends=st.booleans())
@example(lines=["[tool.lapwing.categories.unit]"], newline="\r\n", ends=False)
def test_the_result_means_the_same_and_the_new_value(lines, newline, ends):
    text = newline.join(lines) + (newline if ends else "")

    after = with_value(text, _TABLE, "budget", 'x"\\')

    try:
        before = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        assert after is None
        return
    if after is not None:
        inner = before
        for name in _TABLE:
            inner = inner.setdefault(name, {})
        inner["budget"] = 'x"\\'
        assert tomllib.loads(after.replace("\r\n", "\n")) == before
        gone = [line for line in text.split(newline) if line not in after.split(newline)]
        assert len(gone) <= 1


@given(lines=st.lists(st.sampled_from(["[project]", "name = 'a'", "# word", ""]), max_size=5, unique=True))
def test_a_file_without_the_table_always_gets_it(lines):
    text = "\n".join(lines)

    assert with_value(text, _TABLE, "budget", "1s") is not None
