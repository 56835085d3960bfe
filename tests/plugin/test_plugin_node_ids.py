"""Names of tests come through unharmed, whatever is in them."""

import pytest

NAMES = [
    "with spaces",
    "a::b::c",
    "line\nbreak",
    "tab\tand\rreturn",
    "nul\0",
    "quote\"and\\backslash'",
    "percent %s %d %",
    "braces {0} {name}",
    "[nested] ]brackets[",
    "@group",
    "umlaut ä, kanji 漢字, emoji 🐦",
    "combining e\u0301",
    "right\u202eto left",
    "escape \x1b[31mred\x1b[0m",
    "x" * 10_000,
    "",
]


@pytest.fixture
def suite(project):
    """A suite whose tests have names given by NAMES, as a plugin with its own files may make them."""
    project.pytester.makeconftest(
        """
        import pytest

        class Case(pytest.Item):
            def runtest(self):
                pass

            def reportinfo(self):
                return self.path, 0, "case"

        class Cases(pytest.File):
            def collect(self):
                for name in eval(self.path.read_text(encoding="ascii")):
                    yield Case.from_parent(self, name=name)

        def pytest_collect_file(file_path, parent):
            if file_path.suffix == ".cases":
                return Cases.from_parent(parent, path=file_path)
        """
    )
    return project


def test_any_name_is_recorded_as_it_is(suite):
    suite.pytester.path.joinpath("all.cases").write_text(ascii(NAMES), encoding="ascii")

    result = suite.run()

    assert result.ret == 0
    assert [record.nodeid for record in suite.recorded().tests] == [f"all.cases::{name}" for name in NAMES]


def test_a_name_with_a_lone_surrogate_is_recorded_as_it_is(suite):
    suite.pytester.path.joinpath("all.cases").write_text(ascii(["lone \udc80"]), encoding="ascii")

    result = suite.run("-q")

    assert result.ret == 0
    assert [record.nodeid for record in suite.recorded().tests] == ["all.cases::lone \udc80"]


def test_parameters_are_part_of_the_name(project):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("value", ["a b", "c::d", "e\\nf", "\\u00e9", "", None, 1.5, object()])
        def test_a(value):
            pass
        """
    )

    project.run()

    names = [record.nodeid.partition("::")[2] for record in project.recorded().tests]
    assert names == [
        "test_a[a b]",
        "test_a[c::d]",
        "test_a[e\\nf]",
        "test_a[\\xe9]",
        "test_a[]",
        "test_a[None]",
        "test_a[1.5]",
        "test_a[value7]",
    ]


def test_names_survive_workers(suite):
    suite.pytester.path.joinpath("all.cases").write_text(ascii(NAMES[:-1]), encoding="ascii")

    result = suite.run("-n1", plugins=["xdist"])

    assert result.ret == 0
    assert sorted(record.nodeid for record in suite.recorded().tests) == sorted(
        f"all.cases::{name}" for name in NAMES[:-1]
    )
