"""The baseline file: its form in git, what people edit in it, and how it breaks."""

import gc
import json
import logging
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.errors import StoreError, UnreadableFileError
from lapwing.model.baseline import BaselineEntry, BaselineFile, GroupEntry, ShownBytes, ShownSpike
from lapwing.model.thresholds import ChangeThresholds
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".performance_baseline.json"


def baseline(*entries: BaselineEntry, **fields: object) -> BaselineFile:
    return BaselineFile(date="2026-11-20", tests={entry.nodeid: entry for entry in entries}, **fields)


def entry(nodeid: str = "a.py::t", duration_ns: int = 10**9, **fields: object) -> BaselineEntry:
    return BaselineEntry(nodeid=nodeid, duration_ns=duration_ns, threshold_ns=0, **fields)


class TestForm:
    def test_memory_is_in_bytes_and_its_bounds_only_where_they_differ(self, path: Path) -> None:
        written = baseline(
            entry(
                "a",
                peak=ShownBytes(84_123_456, 84_123_456, 90_000_001),
                delta=ShownBytes(-40_960, -81_920, 0),
            ),
            entry("b", peak=ShownBytes(20_000, 20_000, 20_000)),
        )

        write_baseline_file(path, written)

        document = json.loads(path.read_text())["tests"]
        assert {key: value for key, value in document["a"].items() if key.startswith(("peak", "delta"))} == {
            "peak": 84_120_000,
            "peak_high": 90_000_000,
            "delta": -41_000,
            "delta_low": -82_000,
            "delta_high": 0,
        }
        read = read_baseline_file(path)
        assert read is not None
        assert read.tests["b"].peak == ShownBytes(20_000, 20_000, 20_000)
        assert read.tests["a"].delta == ShownBytes(-41_000, -82_000, 0)
        assert read.tests["b"].delta is None

    def test_order_and_shared_fixtures_come_back_and_only_where_there_is_something_to_say(
        self, path: Path
    ) -> None:
        written = baseline(
            entry("a", turns=(0, 2), shared_ns=(0, 3_605_443_607)),
            entry("b", turns=(1, 1), shared_ns=(20 * 10**6, 20 * 10**6)),
            entry("c"),
            fixtures={"db (tests/conftest.py)": 1_234_567_890},
            spikes={"wall": (ShownSpike(70_123_456, 1_430_000),), "cpu": ()},
            knows_order=True,
        )

        write_baseline_file(path, written)

        document = json.loads(path.read_text())
        assert document["fixtures"] == {"db (tests/conftest.py)": 1.235}
        told = [
            {key: value for key, value in document["tests"][name].items() if key.startswith(("first", "sh"))}
            for name in "abc"
        ]
        assert told == [
            {"first": 2, "first_low": 0, "shared": 3.605, "shared_low": 0.0},
            {"first": 1, "shared": 0.02},
            {},
        ]
        read = read_baseline_file(path)
        assert read is not None
        assert read.tests["a"].turns == (0, 2)
        assert read.tests["a"].shared_ns == (0, 3_605_000_000)
        assert (read.tests["b"].turns, read.tests["c"].turns) == ((1, 1), (0, 0))
        assert read.knows_order
        assert read.spikes == {"wall": (ShownSpike(70_120_000, 1_430_000),), "cpu": ()}

    def test_an_older_file_tells_nothing_of_the_order(self, path: Path) -> None:
        write_baseline_file(path, baseline(entry("a")))

        read = read_baseline_file(path)

        assert "fixtures" not in json.loads(path.read_text())
        assert read is not None
        assert not read.knows_order

    def test_a_diff_reads_well(self, path: Path) -> None:
        written = baseline(
            entry(
                "b.py::t",
                1_234_567_890,
                quiet_ns=1_200_000_000,
                runs=20,
                spread=0.0123456,
                cpu_ns=987_654,
                cpu_spread=0.5,
            ),
            entry("a.py::t\udc80", 1_234_567),
            groups={"tests/unit": GroupEntry("tests/unit", 2 * 10**9, 0)},
            runs=("run-2", "run-1"),
            machine_class="Some Processor, 4 cores",
            commit="f00",
        )

        write_baseline_file(path, written)

        assert path.read_text() == (
            "{\n"
            '"format_version": 1,\n'
            '"baseline_date": "2026-11-20",\n'
            '"commit": "f00",\n'
            '"individual_threshold": 0.2,\n'
            '"machine_class": "Some Processor, 4 cores",\n'
            '"runs": ["run-2", "run-1"],\n'
            '"suite_metrics": {\n'
            '  "tests/unit": {"total_duration": 2.0, "threshold": 2.3}\n'
            "},\n"
            '"suite_threshold": 0.15,\n'
            '"tests": {\n'
            '  "a.py::t\\udc80": {"duration": 0.001235, "threshold": 0.001482, "n": 1},\n'
            '  "b.py::t": {"duration": 1.235, "threshold": 1.482, "n": 20, "quiet": 1.2,'
            ' "spread": 0.0123, "cpu": 0.000988, "cpu_spread": 0.5000}\n'
            "}\n"
            "}\n"
        )

    def test_an_empty_baseline_is_valid_json(self, path: Path) -> None:
        write_baseline_file(path, baseline())

        assert json.loads(path.read_text())["tests"] == {}

    def test_other_thresholds_are_written_and_read_as_automatic(self, path: Path) -> None:
        write_baseline_file(path, baseline(entry()), thresholds=ChangeThresholds(warning=0.5))

        read = read_baseline_file(path)

        assert read is not None
        assert read.tests["a.py::t"].threshold_ns == 1_500_000_000
        assert not read.tests["a.py::t"].threshold_is_manual

    @given(
        durations=st.lists(st.integers(0, 10**15), max_size=4),
        share=st.floats(0, 5),
        manual=st.integers(10**6, 10**14),  # seven times that is what 15 digits of a number hold
    )
    def test_written_again_it_stays_the_same(
        self, tmp_path_factory: pytest.TempPathFactory, durations: list[int], share: float, manual: int
    ) -> None:
        path = tmp_path_factory.mktemp("baseline") / "file.json"
        thresholds = ChangeThresholds(warning=share, suite_warning=share)
        tests = [entry(f"t{place}", duration, cpu_ns=duration) for place, duration in enumerate(durations)]
        tests.append(entry("edited", manual)._replace(threshold_ns=manual * 7, threshold_is_manual=True))
        write_baseline_file(
            path, baseline(*tests, groups={"g": GroupEntry("g", manual, 0)}), thresholds=thresholds
        )
        first = path.read_bytes()

        read = read_baseline_file(path)
        assert read is not None
        write_baseline_file(path, read, thresholds=thresholds)

        assert path.read_bytes() == first
        assert [test.threshold_is_manual for test in read.tests.values()][1:] == [False] * len(durations)


class TestEditing:
    def test_a_limit_set_by_hand_is_recognized_and_kept_to_the_digit(self, path: Path) -> None:
        write_baseline_file(path, baseline(entry("a"), entry("b")))
        edited = path.read_text().replace(
            '"a": {"duration": 1.0, "threshold": 1.2', '"a": {"duration": 1.0, "threshold": 1.7654321'
        )
        path.write_text(edited)

        read = read_baseline_file(path)
        assert read is not None
        write_baseline_file(path, read)

        assert read.tests["a"].threshold_is_manual
        assert read.tests["a"].threshold_ns == 1_765_432_100
        assert not read.tests["b"].threshold_is_manual
        assert path.read_text() == edited

    def test_a_limit_of_a_group_set_by_hand_is_recognized(self, path: Path) -> None:
        groups = {
            name: {"total_duration": 10.0, "threshold": limit} for name, limit in (("a", 11.5), ("b", 20))
        }
        path.write_text(json.dumps({"tests": {}, "suite_metrics": groups}))

        read = read_baseline_file(path)

        assert read is not None
        assert [group.threshold_is_manual for group in read.groups.values()] == [False, True]

    def test_a_limit_that_was_taken_out_comes_back(self, path: Path) -> None:
        path.write_text('{"tests": {"a": {"duration": 1.0}}}')

        read = read_baseline_file(path)

        assert read is not None
        assert read.tests["a"] == BaselineEntry("a", 10**9, 1_200_000_000)

    def test_the_minimal_form_is_read(self, path: Path) -> None:
        path.write_text(
            '{"baseline_date": "2025-01-02T03:04:05",'
            '"tests": {"a": {"duration": 1.2345678, "threshold": 1.48148136}},'
            '"suite_metrics": {"unit": {"total_duration": 3, "threshold": 3.45}}}'
        )

        read = read_baseline_file(path)

        assert read == BaselineFile(
            date="2025-01-02T03:04:05",
            tests={"a": BaselineEntry("a", 1_234_567_800, 1_481_481_360)},
            groups={"unit": GroupEntry("unit", 3 * 10**9, 3_450_000_000)},
        )


class TestMissingAndBroken:
    def test_a_missing_file_is_none_and_one_line_in_the_log(
        self, path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, logger="lapwing")

        assert read_baseline_file(path) is None

        assert [record.getMessage() for record in caplog.records] == [f"no baseline file at {path}"]

    @pytest.mark.parametrize(
        ("data", "line", "what"),
        [
            (b'{\n"tests": {\n>\n', 3, "column 1"),
            (b'{\n"tests": {\n<<<<<<< HEAD\n', 3, r"marks of an unfinished merge here \(<<<<<<<\)"),
            (b"", 1, "not valid JSON"),
            (b'{\n"tests": {"\xff": 1}}', 2, "not valid UTF-8"),
            (b'{"tests": {"a": {"duration": NaN}}}', 1, "NaN"),
            (b"[" * 100_000, 1, "not valid JSON"),
        ],
    )
    def test_a_corrupted_file_is_named_with_its_line_and_kept(
        self, path: Path, data: bytes, line: int, what: str
    ) -> None:
        path.write_bytes(data)
        gc.disable()  # callbacks of the collector cannot be called at the limit of recursion

        try:
            with pytest.raises(UnreadableFileError, match=what) as caught:
                read_baseline_file(path)
        finally:
            gc.enable()

        assert caught.value.where == f"{path}:{line}"
        assert "lapwing baseline update" in caught.value.mend
        assert path.with_name(".performance_baseline.json.corrupt").read_bytes() == data
        assert path.read_bytes() == data

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("[]", r"\$ should be object"),
            ('{"tests": {"a::b": {"duration": "1s"}}}', r'\$\.tests\["a::b"\]\.duration should be number'),
            ('{"tests": {"a": {"duration": -1}}}', r"at least 0"),
            ('{"tests": {"a": {"duration": 1e999}}}', r"at most"),
            ('{"suite_metrics": {}}', "lacks 'tests'"),
        ],
    )
    def test_a_wrong_shape_is_named_by_its_path_and_kept(self, path: Path, text: str, fault: str) -> None:
        path.write_text(text)

        with pytest.raises(UnreadableFileError, match=fault):
            read_baseline_file(path)

        assert path.with_name(".performance_baseline.json.corrupt").read_text() == text

    def test_an_earlier_broken_file_is_not_written_over(self, path: Path) -> None:
        for text in ("first", "second", "second"):
            path.write_text(text)
            with pytest.raises(UnreadableFileError):
                read_baseline_file(path)

        assert path.with_name(".performance_baseline.json.corrupt").read_text() == "first"
        assert path.with_name(".performance_baseline.json.corrupt2").read_text() == "second"
        assert len(list(path.parent.iterdir())) == 3

    def test_a_newer_form_is_refused_by_name_and_not_called_broken(self, path: Path) -> None:
        path.write_text('{"format_version": 2, "tests": []}')

        with pytest.raises(UnreadableFileError, match=r"format version 2.* up to 1"):
            read_baseline_file(path)

        assert list(path.parent.iterdir()) == [path]


class TestReplacing:
    def test_rights_and_links_are_kept(self, path: Path) -> None:
        real = path.with_name("real.json")
        real.write_text("{}")
        real.chmod(0o640)
        path.symlink_to(real)

        write_baseline_file(path, baseline())

        assert path.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        assert read_baseline_file(real) == baseline()

    def test_a_fault_while_writing_leaves_the_old_file(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path.write_text("old")

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", fail)

        with pytest.raises(StoreError, match="No space left"):
            write_baseline_file(path, baseline())

        assert path.read_text() == "old"
        assert list(path.parent.iterdir()) == [path]
