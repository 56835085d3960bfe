import os
from pathlib import Path

import pytest

from lapwing.environment.container import ContainerLimits, read_limits
from lapwing.environment.machine import cpu_model_in, memory_in, read_machine
from lapwing.environment.packages import installed_versions


def lay(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def test_this_machine_is_known() -> None:
    machine = read_machine()

    assert machine.system
    assert machine.kernel
    assert machine.cpu_model
    assert machine.cores >= 1


def test_facts_come_from_the_files_of_the_system(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "proc/cpuinfo": "processor\t: 0\nvendor_id\t: X\nmodel name\t: Fast  CPU @ 3GHz\n\n"
            "processor\t: 1\nmodel name\t: Slow CPU\n",
            "proc/meminfo": "MemTotal:       16318480 kB\nMemFree: 1 kB\n",
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/memory.max": "1073741824\n",
        },
    )

    machine = read_machine(tmp_path)

    assert machine.cpu_model == "Fast CPU @ 3GHz"
    assert machine.memory_bytes == 16318480 * 1024
    assert (machine.cpu_limit, machine.memory_limit_bytes) == (1.5, 1 << 30)
    assert machine.hostname == (os.uname().nodename if hasattr(os, "uname") else machine.hostname)


def test_a_machine_without_such_files_is_known_by_what_the_system_says(tmp_path: Path) -> None:
    machine = read_machine(tmp_path)

    assert machine.cpu_model
    assert (machine.cpu_limit, machine.memory_limit_bytes) == (None, None)


@pytest.mark.parametrize(
    ("cpuinfo", "model"),
    [
        ("", ""),
        (
            "processor: 0\nBogoMIPS: 50\nCPU implementer: 0x41\nCPU part\t: 0xd0c\n",
            "implementer 0x41 part 0xd0c",
        ),
        ("processor: 0\ncpu\t\t: POWER9, altivec supported\n", "POWER9, altivec supported"),
        ("model name\t:\ncpu model: MIPS 1\n", "MIPS 1"),
        ("no colon here\n:\n", ""),
    ],
)
def test_processors_are_named_as_well_as_can_be(cpuinfo: str, model: str) -> None:
    assert cpu_model_in(cpuinfo) == model


@pytest.mark.parametrize("meminfo", ["", "MemTotal:\n", "MemTotal: many kB\n", "Other: 1 kB\n"])
def test_memory_that_is_not_told_is_zero(meminfo: str) -> None:
    assert memory_in(meminfo) == 0


V1 = "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n2:name=systemd:/\n"


@pytest.mark.parametrize(
    ("files", "limits"),
    [
        ({}, ContainerLimits()),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, ContainerLimits()),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}, ContainerLimits()),
        (  # the tightest of nested groups
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/b/cpu.max": "400000 100000\n",
                "sys/fs/cgroup/a/cpu.max": "200000 100000\n",
                "sys/fs/cgroup/a/b/memory.max": "1000\n",
                "sys/fs/cgroup/a/memory.max": "2000\n",
            },
            ContainerLimits(2.0, 1000),
        ),
        (  # the path is one of the host, the mount is the group itself
            {"proc/self/cgroup": "0::/kubepods/pod1\n", "sys/fs/cgroup/cpu.max": "50000 100000\n"},
            ContainerLimits(0.5, None),
        ),
        (
            {"proc/self/cgroup": "0::/../../x\n", "sys/fs/cgroup/memory.max": "5\n"},
            ContainerLimits(None, 5),
        ),
        (
            {
                "proc/self/cgroup": V1,
                "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            ContainerLimits(),
        ),
        (
            {
                "proc/self/cgroup": V1,
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "250000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "4096\n",
            },
            ContainerLimits(2.5, 4096),
        ),
        ({"proc/self/cgroup": "nonsense\n0:\n", "sys/fs/cgroup/cpu.max": "a b c\n"}, ContainerLimits()),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "100000 0\n"}, ContainerLimits()),
    ],
)
def test_limits_of_containers_are_read(
    tmp_path: Path, files: dict[str, str], limits: ContainerLimits
) -> None:
    assert read_limits(lay(tmp_path, files)) == limits


def test_versions_come_from_the_names_of_metadata_folders(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (
        first / "Typing_Extensions-4.12.2.dist-info",
        first / "zope.interface-6.1-py3.11.egg-info",
        first / "~ip-23.0.dist-info",
        first / "develop.egg-info",
        first / "local-1.0+cu121.dist-info",
        first / "module",
        second / "typing_extensions-3.0.dist-info",
    ):
        folder.mkdir(parents=True)

    versions = installed_versions([str(first), str(tmp_path / "missing"), str(second)])

    assert versions == {"typing-extensions": "4.12.2", "zope-interface": "6.1", "local": "1.0+cu121"}


def test_what_is_installed_here_includes_pytest() -> None:
    assert installed_versions()["pytest"] == pytest.__version__
