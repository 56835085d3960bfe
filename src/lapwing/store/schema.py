"""The tables of the embedded store, with a comment per table and column.

What lives here is the form of today; `migrations.py` says how older stores get there, and
`schema_page.py` makes the reference page out of both. Facts (the `*_result` tables) refer to
metadata by small integers, so that a rename touches metadata only.

A text that SQLite's TEXT cannot hold (lone surrogates, NUL) is kept as a BLOB of UTF-8 with
surrogates passed through: see `sql_text.py`.
"""

from typing import Final

SCHEMA: Final = """\
-- Which steps of the schema this store has been through.
CREATE TABLE migration (
    version INTEGER PRIMARY KEY, -- from 1, in the order applied
    name TEXT NOT NULL, -- name of the step
    applied_at_ns INTEGER NOT NULL -- when, in nanoseconds since the epoch
);

-- Projects whose runs lie in this store.
CREATE TABLE project (
    id INTEGER PRIMARY KEY, -- number that other tables refer to
    name TEXT NOT NULL UNIQUE -- name of the project; empty where none is set
);

-- Sets of installed packages; most runs share one.
CREATE TABLE package_set (
    id INTEGER PRIMARY KEY, -- number that runs refer to
    packages TEXT NOT NULL UNIQUE -- JSON object: name of the package -> version
);

-- One execution of a suite, with the counts that a list of runs shows.
CREATE TABLE run (
    id INTEGER PRIMARY KEY, -- the start in nanoseconds since the epoch, one more while taken
    run_id TEXT NOT NULL UNIQUE, -- the run's UUID
    project INTEGER NOT NULL REFERENCES project (id), -- whose run it is
    package TEXT NOT NULL, -- package of a repository with many, or empty
    root TEXT NOT NULL, -- folder that node ids are relative to
    started_at_ns INTEGER NOT NULL, -- nanoseconds since the epoch, UTC
    duration_ns INTEGER NOT NULL, -- wall time of the whole run
    commit_id TEXT, -- revision that ran
    branch TEXT, -- its branch; NULL on a detached head
    base_commit TEXT, -- merge base with the base branch
    dirty INTEGER, -- 1 with uncommitted changes; NULL if unknown
    cpu_model TEXT NOT NULL, -- processor of the machine
    cores INTEGER NOT NULL, -- processors the run could use
    memory_bytes INTEGER NOT NULL, -- memory of the machine
    system TEXT NOT NULL, -- Linux, Darwin, Windows
    kernel TEXT NOT NULL, -- version of the kernel
    cpu_limit REAL, -- processors granted by the container
    memory_limit_bytes INTEGER, -- memory granted by the container
    hostname TEXT NOT NULL, -- name of the machine
    machine_class TEXT NOT NULL, -- what must agree before raw times may be compared
    ci TEXT, -- JSON list: provider, pipeline, job, link, pull request
    python TEXT NOT NULL, -- version of Python
    implementation TEXT NOT NULL, -- cpython, pypy
    package_set INTEGER REFERENCES package_set (id), -- what was installed; NULL if nothing is known
    command TEXT, -- JSON list of arguments; NULL where empty
    runner TEXT NOT NULL, -- pytest, or the tool whose report was read
    workers INTEGER NOT NULL, -- processes of pytest-xdist; 0 without
    distribution TEXT NOT NULL, -- how pytest-xdist dealt tests out
    processes TEXT, -- JSON, each: name, pid, start, warm-up, end, crashed, conftests, boot CPU, end blocks
    exit_status INTEGER, -- of the runner
    is_complete INTEGER NOT NULL, -- 1 if every selected test ran to its end
    why_incomplete TEXT NOT NULL, -- reason where it is not
    deselected INTEGER NOT NULL, -- tests left out on request
    load_average REAL, -- load of the machine over one minute at the start
    startup_ns INTEGER NOT NULL, -- from the start of tracking to the start of collection
    tests INTEGER NOT NULL, -- distinct tests
    outcomes TEXT NOT NULL, -- JSON list of pairs: outcome of the last attempt, number of tests
    worker_ns INTEGER NOT NULL, -- sum of all phases of all attempts
    results INTEGER NOT NULL, -- attempts of tests
    facts INTEGER NOT NULL -- rows in all tables of facts
);

-- Runs of a project in the order of time.
CREATE INDEX run_by_project ON run (project, id);

-- Tests by name. The number stays when a test is renamed.
CREATE TABLE test (
    id INTEGER PRIMARY KEY, -- number that facts refer to
    project INTEGER NOT NULL REFERENCES project (id), -- whose test it is
    nodeid TEXT NOT NULL, -- name as the runner prints it
    UNIQUE (project, nodeid)
);

-- Renames that were asked for. A later run that still uses an old name makes a new test.
CREATE TABLE test_alias (
    id INTEGER PRIMARY KEY, -- in the order renamed
    project INTEGER NOT NULL REFERENCES project (id), -- whose test it is
    old_nodeid TEXT NOT NULL, -- name before
    new_nodeid TEXT NOT NULL, -- name after
    renamed_at_ns INTEGER NOT NULL -- when, in nanoseconds since the epoch
);

-- Modules and folders that were collected.
CREATE TABLE module (
    id INTEGER PRIMARY KEY, -- number that facts refer to
    project INTEGER NOT NULL REFERENCES project (id), -- whose module it is
    nodeid TEXT NOT NULL, -- path as the runner prints it
    UNIQUE (project, nodeid)
);

-- Fixtures by name, scope and place.
CREATE TABLE fixture (
    id INTEGER PRIMARY KEY, -- number that facts refer to
    project INTEGER NOT NULL REFERENCES project (id), -- whose fixture it is
    name TEXT NOT NULL, -- name of the fixture
    scope TEXT NOT NULL, -- function, class, module, package, session
    location TEXT NOT NULL, -- file:line of the definition
    UNIQUE (project, name, scope, location)
);

-- Names of the processes that ran tests.
CREATE TABLE worker (
    id INTEGER PRIMARY KEY, -- number that facts refer to
    name TEXT NOT NULL UNIQUE -- main, gw0, gw1
);

-- Names of categories.
CREATE TABLE category (
    id INTEGER PRIMARY KEY, -- number that results refer to
    name TEXT NOT NULL UNIQUE -- unit, integration, api, e2e, slow
);

-- Lists of markers; many tests share one.
CREATE TABLE marker_set (
    id INTEGER PRIMARY KEY, -- number that results refer to
    markers TEXT NOT NULL UNIQUE -- JSON list of names, in the order recorded
);

-- Facts: tests that passed at their first and last attempt, all phases measured, without counters and
-- subtests. Numbers only: 64 tests with numbers next to each other are packed into one row.
CREATE TABLE result_block (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    place INTEGER NOT NULL, -- the numbers of its tests, divided by 64
    facts BLOB NOT NULL -- the columns of `result` as numbers, packed as `store/packed_columns.py` tells
);

-- The blocks of a run, and in which a test is.
CREATE INDEX result_block_by_run ON result_block (run, place);

-- Facts: one attempt of one test that is in no block. NULL means "not measured", never zero. In the order
-- of run, then test: a history finds its rows by it. Test first, each run would change a page per test.
CREATE TABLE result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    test INTEGER NOT NULL REFERENCES test (id), -- which test
    worker INTEGER NOT NULL REFERENCES worker (id), -- process that ran it
    is_last INTEGER NOT NULL, -- 1 for the last attempt of this test in this run
    outcome TEXT NOT NULL, -- passed, failed, error, skipped, ...
    category INTEGER NOT NULL REFERENCES category (id), -- by which limits it is judged
    attempt INTEGER NOT NULL, -- from 1; under 1 where a suspect was run again
    wall_ns INTEGER, -- set-up + call + tear-down: kept beside them because every comparison reads it
    cpu_ns INTEGER, -- processor time of process and children, likewise
    start_ns INTEGER NOT NULL, -- offset from the run's start
    setup_ns INTEGER, -- wall time of the set-up
    call_ns INTEGER, -- wall time of the call
    teardown_ns INTEGER, -- wall time of the tear-down
    setup_cpu_ns INTEGER, -- processor time of this process in the set-up
    call_cpu_ns INTEGER, -- likewise in the call
    teardown_cpu_ns INTEGER, -- likewise in the tear-down
    child_cpu_ns INTEGER, -- processor time of children that were waited for
    thread_cpu_ns INTEGER, -- processor time of the thread that ran the test
    shared_fixture_ns INTEGER NOT NULL, -- time of fixtures wider than the test, inside its phases
    peak_bytes INTEGER, -- highest growth of resident memory above the start
    delta_bytes INTEGER, -- resident memory at the end minus at the start
    gc_ns INTEGER, -- pauses of the garbage collector
    gc_count INTEGER, -- collections
    voluntary_switches INTEGER, -- context switches while waiting
    involuntary_switches INTEGER, -- context switches forced by the system
    minor_faults INTEGER, -- page faults without reading from disk
    major_faults INTEGER, -- page faults with reading from disk
    read_bytes INTEGER, -- read through system calls
    written_bytes INTEGER, -- written through system calls
    run_delay_ns INTEGER, -- runnable but waiting for a processor
    leaked_threads INTEGER NOT NULL, -- threads at the end minus at the start
    marker_set INTEGER REFERENCES marker_set (id), -- markers; NULL where none
    counters TEXT, -- JSON object: probe -> [count, time in ns]; NULL where none
    subtests TEXT, -- JSON list: [name, outcome, duration in ns]; NULL where none
    PRIMARY KEY (run, test, ordinal)
) WITHOUT ROWID;

-- Facts: one set-up of one fixture.
CREATE TABLE fixture_result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    fixture INTEGER NOT NULL REFERENCES fixture (id), -- which fixture
    requester INTEGER REFERENCES test (id), -- test that asked first; NULL where none is named
    worker INTEGER NOT NULL REFERENCES worker (id), -- process that set it up
    param TEXT, -- parameter of the fixture
    start_ns INTEGER NOT NULL, -- offset from the run's start
    setup_ns INTEGER NOT NULL, -- own wall time of the set-up
    teardown_ns INTEGER, -- wall time of the tear-down; NULL where it was not seen
    failed INTEGER NOT NULL, -- 1 if the set-up failed
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;

-- Facts: collection of one module in one process.
CREATE TABLE collect_result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    module INTEGER NOT NULL REFERENCES module (id), -- which module
    worker INTEGER NOT NULL REFERENCES worker (id), -- process that collected it
    start_ns INTEGER NOT NULL, -- offset from the run's start
    duration_ns INTEGER NOT NULL, -- wall time of import and making of the tests
    cpu_ns INTEGER NOT NULL, -- processor time of the same
    outcome TEXT NOT NULL, -- passed, error, skipped
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;

-- Facts: one benchmark with its raw samples.
CREATE TABLE benchmark_result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    test INTEGER NOT NULL REFERENCES test (id), -- test that ran it
    name TEXT NOT NULL, -- name of the benchmark
    source TEXT NOT NULL, -- lapwing, pytest-benchmark
    unit TEXT NOT NULL, -- unit of the samples
    samples BLOB NOT NULL, -- little-endian doubles of 8 bytes, in the order measured
    iterations INTEGER NOT NULL, -- calls per sample
    warmup INTEGER NOT NULL, -- samples thrown away
    group_name TEXT, -- group it is shown in
    metadata TEXT, -- JSON object of texts; NULL where empty
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;
"""
