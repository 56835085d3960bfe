"""Machine classes: what must agree before raw times may be compared."""

import pytest

from lapwing.model.run import Machine, Run

RUN = Run(
    run_id="x",
    started_at_ns=0,
    duration_ns=0,
    machine=Machine(cpu_model="A processor", cores=4),
    python="3.12.1",
    workers=2,
)


def test_a_machine_class_can_be_read_by_people():
    assert RUN.machine_class == "A processor, 4 cores, cpython 3.12, 2 workers"


def test_limits_of_a_container_are_part_of_it():
    machine = RUN.machine._replace(cpu_limit=1.5, memory_limit_bytes=512 << 20)

    assert "4/1.5 cores, 512 MiB" in RUN._replace(machine=machine).machine_class


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"python": "3.12.9"}, True),
        ({"python": "3.13.1"}, False),
        ({"workers": 4}, False),
        ({"implementation": "pypy"}, False),
        ({"machine": RUN.machine._replace(kernel="6.1", hostname="other")}, True),
        ({"machine": RUN.machine._replace(cores=8)}, False),
        ({"machine": RUN.machine._replace(cpu_model="Another")}, False),
    ],
)
def test_runs_are_of_one_class_where_their_times_can_be_compared(change, is_same):
    assert (RUN._replace(**change).machine_class == RUN.machine_class) is is_same
