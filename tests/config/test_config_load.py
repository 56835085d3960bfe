from pathlib import Path

import pytest

from lapwing.config.categories import CATEGORIES
from lapwing.config.choices import BaselineSource
from lapwing.config.load import load_settings
from lapwing.config.options import OPTIONS
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError
from lapwing.model.thresholds import ChangeThresholds


def write(root: Path, text: str) -> Path:
    file = root / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    return file


def load(root: Path, **environ: str) -> Settings:
    return load_settings(root, environ=environ)


def test_every_option_of_the_table_is_a_field_and_has_an_origin(tmp_path: Path) -> None:
    settings = load(tmp_path)

    assert {option.settings_field for option in OPTIONS} == set(settings._fields) - {
        "root",
        "origins",
        "faults",
    }
    assert settings.origins == {option.name: "default" for option in OPTIONS}


def test_defaults_are_in_inside_units(tmp_path: Path) -> None:
    settings = load(tmp_path)

    assert settings.slow_test_ns == 30_000_000_000
    assert settings.min_change_ns == 2_000_000
    assert settings.keep_bytes == 1_000_000_000
    assert settings.individual_test_threshold == 0.2
    assert settings.project == tmp_path.name
    assert settings.store == str(tmp_path / ".lapwing/store.sqlite")
    assert settings.results_dir == tmp_path / "tests/performance_results"


def test_default_thresholds_are_those_of_the_model(tmp_path: Path) -> None:
    assert load(tmp_path).change_thresholds == ChangeThresholds()


def test_files_go_into_tests_where_that_folder_exists(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()

    settings = load(tmp_path)

    assert settings.data_file == tmp_path / "tests/.performance_data.json"
    assert settings.baseline_file == tmp_path / "tests/.performance_baseline.json"


def test_without_a_tests_folder_no_data_file_is_written_and_the_baseline_is_at_the_root(
    tmp_path: Path,
) -> None:
    settings = load(tmp_path)

    assert settings.data_file is None
    assert settings.baseline_file == tmp_path / ".performance_baseline.json"


def test_an_empty_data_file_switches_it_off(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    write(tmp_path, '[tool.lapwing]\ndata_file = ""\n')

    assert load(tmp_path).data_file is None


def test_the_lapwing_table_wins_over_the_performance_table(tmp_path: Path) -> None:
    write(
        tmp_path,
        "[tool.performance]\nsuite_threshold = 30.0\nslow_test_threshold_seconds = 2.5\n"
        "[tool.lapwing]\nsuite_threshold = 40\n",
    )

    settings = load(tmp_path)

    assert (settings.suite_threshold, settings.slow_test_ns) == (0.4, 2_500_000_000)
    assert settings.origins["suite_threshold"] == "pyproject.toml [tool.lapwing]"
    assert settings.origins["slow_test_threshold_seconds"] == "pyproject.toml [tool.performance]"


def test_the_performance_table_may_hold_what_is_not_ours(tmp_path: Path) -> None:
    write(tmp_path, '[tool.performance]\nother = 1\ntrack = true\nbaseline_file = "b.json"\n')

    settings = load(tmp_path)

    assert settings.track is False
    assert settings.baseline_file == tmp_path / "b.json"


def test_the_environment_wins_over_files_and_flags_over_the_environment(tmp_path: Path) -> None:
    write(tmp_path, '[tool.lapwing]\nstore = "a.sqlite"\ntrack = true\n')
    environ = {"LAPWING_STORE": "postgresql://host/db", "PERFORMANCE_MONITORING": "false"}

    from_environment = load(tmp_path, **environ)
    from_flags = load_settings(tmp_path, flags={"store": "/c.sqlite", "track": True}, environ=environ)

    assert (from_environment.store, from_environment.track) == ("postgresql://host/db", False)
    assert from_environment.origins["store"] == "environment LAPWING_STORE"
    assert (from_flags.store, from_flags.track) == ("/c.sqlite", True)
    assert from_flags.origins["store"] == "flag --store"


def test_flags_that_were_not_given_and_empty_variables_set_nothing(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, flags={"store": None}, environ={"VERBOSE_TESTS": ""})

    assert settings.origins["store"] == settings.origins["verbose"] == "default"


def test_paths_of_files_start_at_the_root_and_those_of_flags_at_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    write(tmp_path, '[tool.lapwing]\nresults_dir = "out"\n')

    settings = load_settings(tmp_path, flags={"baseline_file": Path("mine.json")}, environ={})

    assert settings.results_dir == tmp_path / "out"
    assert settings.baseline_file == inside / "mine.json"


def test_flags_may_be_text_for_numbers(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path,
        flags={"baseline_runs": "30", "false_discovery_rate": "0.05", "suite_threshold": "12%"},
        environ={},
    )

    assert (settings.baseline_runs, settings.false_discovery_rate, settings.suite_threshold) == (
        30,
        0.05,
        0.12,
    )


def test_a_choice_is_a_member_of_its_enumeration(tmp_path: Path) -> None:
    write(tmp_path, '[tool.lapwing]\nbaseline = "file"\n')

    assert load(tmp_path).baseline is BaselineSource.FILE


def test_categories_keep_what_is_built_in_and_add_to_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[tool.lapwing.categories.integration]\npaths = ["tests/db/**"]\nmarkers = ["db"]\n'
        '[tool.lapwing.categories.api_test]\nprobes = ["time"]\n'
        '[tool.lapwing.categories.smoke]\npaths = ["smoke/**"]\nprobes = "auto"\n',
    )

    categories = load(tmp_path).categories

    assert categories["integration"] == CATEGORIES["integration"]._replace(
        paths=("tests/db/**",), markers=("db",)
    )
    assert categories["api"].probes == ("time",)
    assert categories["smoke"].paths == ("smoke/**",)
    assert list(categories) == [*CATEGORIES, "smoke"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('track = "true"', "neither true nor false"),
        ("exclude = 'tests'", "list of texts"),
        ("exclude = [1]", "list of texts"),
        ("project = 3", "text"),
        ("baseline_runs = 2.5", "whole number"),
        ("baseline_runs = true", "whole number"),
        ("baseline_runs = 0", "1 or more"),
        ("keep_days = -1", "0 or more"),
        ("min_change = 2", "has no unit"),
        ("min_change = [2]", "duration"),
        ('keep_size = "1 elephant"', "size"),
        ("keep_size = 1000", "size"),
        ("suite_threshold = true", "percentage"),
        ("suite_threshold = nan", "percentage"),
        ("slow_test_threshold_seconds = -1", "positive"),
        ("slow_test_threshold_seconds = inf", "out of range"),
        ("false_discovery_rate = 1", "between 0 and 1"),
        ('baseline = "git"', "auto, file, history"),
        ("baseline_file = ''", "empty"),
        ("store = ''", "empty"),
        ("results_dir = '~nobody-of-that-name/x'", "whole path"),
        ("categories = 3", "table"),
    ],
)
def test_a_value_of_another_kind_is_left_out_with_file_and_key(tmp_path: Path, line: str, said: str) -> None:
    file = write(tmp_path, f"[tool.lapwing]\n{line}\nbase_branch = 'trunk'\n")
    name = line.split()[0]

    settings = load(tmp_path)

    (fault,) = settings.faults
    assert said in str(fault)
    assert fault.where == f"{file} [tool.lapwing] {name}"
    assert settings.origins[name] == "default"
    assert settings.base_branch == "trunk"


def test_a_wrong_value_leaves_the_one_before_it(tmp_path: Path) -> None:
    write(tmp_path, "[tool.lapwing]\nsuite_threshold = 'x'\n[tool.performance]\nsuite_threshold = 30\n")

    assert load(tmp_path).suite_threshold == pytest.approx(0.3)


def test_an_unknown_key_names_the_nearest_known_one(tmp_path: Path) -> None:
    write(tmp_path, "[tool.lapwing]\nexlude = []\nkeep_days = 7\n")

    settings = load(tmp_path)

    (fault,) = settings.faults
    assert str(fault).endswith("exlude: there is no such option\n  Did you mean 'exclude'?")
    assert settings.keep_days == 7


def test_a_wrong_flag_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        load_settings(tmp_path, flags={"store": ""}, environ={})


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[tool.lapwing]\ntrack = 1\nzzz = 2\nkeep_size = "x"\n'
        '[tool.lapwing.categories.api]\npath = ["a"]\nmarkers = "b"\n'
        "[tool.lapwing.categories]\nunit = 5\n",
    )

    faults = load(tmp_path, PERFORMANCE_MONITORING="perhaps").faults

    text = "\n".join(map(str, faults))
    assert len(faults) == 7
    for part in (
        "[tool.lapwing] track",
        "[tool.lapwing] zzz",
        "[tool.lapwing] keep_size",
        "[tool.lapwing.categories.api] path: there is no such option\n  Did you mean 'paths'?",
        "[tool.lapwing.categories.api] markers",
        "[tool.lapwing.categories.unit]",
        "environment PERFORMANCE_MONITORING: 'perhaps' is neither true nor false",
    ):
        assert part in text


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "[tool.lapwing]\ntrack = true\nexclude = [\n=\n")

    with pytest.raises(ConfigurationError, match="not valid TOML") as caught:
        load(tmp_path)

    assert caught.value.where == f"{file}:4"


def test_broken_toml_at_the_end_is_told_with_its_last_line(tmp_path: Path) -> None:
    file = write(tmp_path, "[tool.lapwing]\nproject = 'a")

    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)

    assert caught.value.where == f"{file}:2"


def test_a_file_of_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.lapwing]\nproject = '\xff'\n")

    with pytest.raises(ConfigurationError, match=r"pyproject\.toml:2: the file is not UTF-8"):
        load(tmp_path)


def test_a_file_that_does_not_mention_us_is_not_parsed(tmp_path: Path) -> None:
    write(tmp_path, "[project\nbroken = \n")

    assert load(tmp_path).origins["track"] == "default"


@pytest.mark.parametrize("text", ["tool = 3 # [tool.lapwing]", "# [tool.lapwing]\n[tool]\n"])
def test_a_file_that_only_mentions_us_sets_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)

    assert load(tmp_path).origins["track"] == "default"


@pytest.mark.parametrize("text", ["[tool]\nlapwing = 3\n", "tool.lapwing = 3\n"])
def test_a_value_in_place_of_our_table_is_told(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)

    (fault,) = load(tmp_path).faults

    assert "tool.lapwing: 3 is not a table" in str(fault)


@pytest.mark.parametrize("text", ["[tool]\nlapwing = {keep_days = 5}\n", "tool.lapwing.keep_days = 5\n"])
def test_our_table_may_be_written_without_a_heading(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)

    assert load(tmp_path).keep_days == 5


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()

    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


def test_a_flag_of_no_option_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        load_settings(tmp_path, flags={"colour": "red"}, environ={})
