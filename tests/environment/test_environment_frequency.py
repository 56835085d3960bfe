from pathlib import Path

import pytest

from lapwing.environment.frequency import coarse_clock, read_disturbances

CPUS = "sys/devices/system/cpu"
QUIET = {"proc/loadavg": "0.00 0.00 0.00 1/100 1\n"}


def told(root: Path, files: dict[str, str]) -> list[str]:
    for name, content in {**QUIET, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return [disturbance.what for disturbance in read_disturbances(root)]


def test_a_quiet_machine_is_not_disturbed(tmp_path: Path) -> None:
    files = {f"{CPUS}/cpu0/cpufreq/scaling_governor": "performance\n", f"{CPUS}/cpufreq/boost": "0\n"}

    assert told(tmp_path, files) == []


@pytest.mark.parametrize(
    ("files", "what"),
    [
        (
            {
                f"{CPUS}/cpu0/cpufreq/scaling_governor": "performance\n",
                f"{CPUS}/cpu1/cpufreq/scaling_governor": "powersave\n",
            },
            "governor is powersave",
        ),
        ({f"{CPUS}/intel_pstate/no_turbo": "0\n"}, "turbo"),
        ({f"{CPUS}/cpufreq/boost": "1\n"}, "boost"),
        ({f"{CPUS}/cpu3/thermal_throttle/core_throttle_count": "7\n"}, "7 times because of heat"),
        ({"proc/loadavg": "900.00 1.00 1.00 901/2000 9\n"}, "load 900.0"),
        ({"proc/loadavg": "0.00 0.00 0.00 901/2000 9\n"}, "900 other processes"),
        (
            {
                "proc/self/cgroup": "0::/\n",
                "sys/fs/cgroup/cpu.max": "150000 100000\n",
                "sys/fs/cgroup/cpu.stat": "usage_usec 5\nnr_periods 9\nnr_throttled 4\n",
            },
            "stopped 4 times at 1.5 processors",
        ),
    ],
)
def test_each_disturbance_is_told(tmp_path: Path, files: dict[str, str], what: str) -> None:
    (sentence,) = told(tmp_path, files)

    assert what in sentence


@pytest.mark.parametrize("loadavg", ["a b c d", "0.0 0.0 0.0 x/y 1"])
def test_files_of_another_form_are_passed_over(tmp_path: Path, loadavg: str) -> None:
    files = {"proc/loadavg": loadavg, f"{CPUS}/cpu0/thermal_throttle/core_throttle_count": "?"}

    assert told(tmp_path, files) == []


def test_a_clock_of_coarse_steps_is_told() -> None:
    disturbance = coarse_clock(0.0156)

    assert disturbance is not None
    assert "15600 µs" in disturbance.what
    assert coarse_clock(1e-9) is None


def test_each_disturbance_says_why_and_how_to_mend(tmp_path: Path) -> None:
    told(tmp_path, {f"{CPUS}/cpufreq/boost": "1\n"})

    (disturbance,) = read_disturbances(tmp_path)

    assert disturbance.why_it_matters.endswith(".")
    assert "boost" in disturbance.mend


def test_this_machine_can_be_looked_at() -> None:
    assert all(disturbance.what for disturbance in read_disturbances())
