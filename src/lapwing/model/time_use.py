"""Where the time of a run went."""

from lapwing.model.value import Value


class TimeUse(Value):
    """Times of one run in nanoseconds, summed over workers and over all attempts of all tests.

    Two sums hold: `worker_ns` = `startup_ns` + `collection_ns` + `fixtures_ns` + `setup_other_ns` +
    `call_ns` + `teardown_ns` + `pytest_ns`; and `call_ns` = `call_cpu_ns` + `call_waiting_ns`. `cpu_ns`
    and `waiting_ns` lie across these parts and are no parts of a sum.
    """

    wall_ns: int  # of the whole run, as someone waiting for it saw it
    worker_ns: int  # busy time of all processes together
    startup_ns: int  # from the start of tracking to the start of collection
    collection_ns: int  # import of modules and making of tests, in every process
    fixtures_ns: int  # set-up and tear-down of fixtures, of every scope
    setup_other_ns: int  # set-up of tests outside fixtures
    call_ns: int  # the tests' own bodies
    call_cpu_ns: int  # part of `call_ns` that computed, never more than it
    call_waiting_ns: int  # the rest of `call_ns`, all of it where no CPU time was measured
    teardown_ns: int  # tear-down of tests outside fixtures
    pytest_ns: int  # between and around tests: pytest itself, its plugins, and their waiting for tests
    cpu_ns: int  # CPU time of all tests in all phases, children included; may exceed wall time
    waiting_ns: int  # wall time of tests less their CPU time, where that was measured
