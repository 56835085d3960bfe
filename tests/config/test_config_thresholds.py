"""The tables `[tool.lapwing.thresholds.NAME]`."""

from lapwing.config.load import load_settings
from lapwing.model.thresholds import ThresholdRule


def settings_of(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    return load_settings(tmp_path, environ={})


def test_rules_are_read_in_their_order_and_units(tmp_path):
    settings = settings_of(
        tmp_path,
        """
        [tool.lapwing.thresholds.network]
        categories = ["integration"]
        warning = 40
        critical = 100
        min_change = "20ms"
        [tool.lapwing.thresholds.fast]
        tests = ["tests/fast"]
        metrics = ["wall"]
        warning = 10
        """,
    )

    assert settings.faults == ()
    assert settings.change_thresholds.rules == (
        ThresholdRule("network", (), ("integration",), (), 0.4, 1.0, 20_000_000),
        ThresholdRule("fast", ("tests/fast",), (), ("wall",), 0.1),
    )


def test_a_rule_for_a_metric_that_does_not_exist_is_left_out_with_a_word(tmp_path):
    settings = settings_of(tmp_path, "[tool.lapwing.thresholds.a]\nmetrics = ['wal']\nwarning = 10\n")

    assert settings.change_thresholds.rules == ()
    assert "'wal'" in str(settings.faults[0])
    assert "peak_bytes" in str(settings.faults[0])


def test_a_key_that_does_not_exist_is_named(tmp_path):
    settings = settings_of(tmp_path, "[tool.lapwing.thresholds.a]\nwarnings = 10\n")

    assert "'warning'" in str(settings.faults[0])


def test_a_rule_that_is_no_table_is_named(tmp_path):
    settings = settings_of(tmp_path, "[tool.lapwing.thresholds]\na = 3\n")

    assert "thresholds.a" in str(settings.faults[0])
