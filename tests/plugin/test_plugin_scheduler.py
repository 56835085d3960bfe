"""`--dist lapwing`: the longest tests first, and together what shares a fixture."""

import pytest

SUITE = """
import os, threading, pytest

@pytest.fixture(scope="module")
def table():
    threading.Event().wait(0.01)

@pytest.mark.parametrize("number", range(6))
def test_short(number):
    threading.Event().wait(0.01)

def test_long():
    threading.Event().wait(0.4)

def test_longish():
    threading.Event().wait(0.2)
"""
SHARED = """
import pytest

@pytest.fixture(scope="module")
def table():
    return {}

@pytest.mark.parametrize("number", range(6))
def test_row(table, number):
    pass

@pytest.mark.xdist_group("port")
def test_port():
    pass
"""
LAPWING = ("-n2", "--dist", "lapwing")


def workers_of(recorded, name):
    return {record.worker for record in recorded.tests if name in record.nodeid}


def order_of(recorded, worker):
    ran = sorted((record.start_ns, record.nodeid) for record in recorded.tests if record.worker == worker)
    return [nodeid.partition("::")[2] for _, nodeid in ran]


def test_the_longest_tests_go_first_by_recorded_times(project):
    project.pytester.makepyfile(test_a=SUITE)
    project.run()

    result = project.run(*LAPWING, plugins=["xdist"])

    result.assert_outcomes(passed=8)
    recorded = project.all_recorded()[-1]
    assert recorded.run.distribution == "lapwing"
    first = {order_of(recorded, worker)[0] for worker in ("gw0", "gw1")}
    assert first == {"test_long", "test_longish"}


def test_tests_that_share_a_module_fixture_stay_in_one_worker(project):
    project.pytester.makepyfile(test_a=SHARED, test_b=SHARED)
    project.run()

    project.run(*LAPWING, plugins=["xdist"]).assert_outcomes(passed=14)

    recorded = project.all_recorded()[-1]
    for file in ("test_a", "test_b"):
        assert len(workers_of(recorded, f"{file}.py::test_row")) == 1
    assert len([each for each in recorded.fixtures if each.name == "table"]) == 2


def test_tests_of_groups_stay_in_one_worker(project):
    project.pytester.makepyfile(test_a=SHARED, test_b=SHARED)
    project.run()

    project.run(*LAPWING, plugins=["xdist"])

    assert len(workers_of(project.all_recorded()[-1], "test_port")) == 1


@pytest.mark.parametrize("arguments", [LAPWING, ("-n0", "--dist", "lapwing")])
def test_without_a_recorded_run_every_file_stays_together(project, arguments):
    project.pytester.makepyfile(test_a=SHARED, test_b=SHARED)

    project.run(*arguments, plugins=["xdist"]).assert_outcomes(passed=14)

    recorded = project.recorded()
    assert all(len(workers_of(recorded, file)) == 1 for file in ("test_a.py", "test_b.py"))


def test_new_tests_of_a_file_stay_together_and_all_tests_run(project):
    project.pytester.makepyfile(test_a=SUITE)
    project.run()
    project.pytester.makepyfile(test_b=SHARED)

    project.run(*LAPWING, plugins=["xdist"]).assert_outcomes(passed=15)

    assert len(workers_of(project.all_recorded()[-1], "test_b.py")) == 1


def test_tests_of_a_worker_that_dies_run_in_another(project):
    project.pytester.makepyfile(test_a=SUITE, test_b="import os\ndef test_dies(): os._exit(3)\n")
    project.run("-k", "not dies")

    result = project.run(*LAPWING, plugins=["xdist"])

    result.assert_outcomes(passed=8, failed=1)
    result.stdout.fnmatch_lines(["*worker 'gw*' crashed while running 'test_b.py::test_dies'*"])


def test_a_broken_store_is_told_and_nothing_runs(project):
    project.pytester.makepyfile(test_a=SUITE)
    (project.root / ".lapwing").mkdir()
    (project.root / ".lapwing" / "store.sqlite").write_bytes(b"no database at all" * 100)

    result = project.run(*LAPWING, plugins=["xdist"], tracked=False, alone=True)

    assert result.ret != 0
    assert "--dist lapwing: " in result.stdout.str() + result.stderr.str()
