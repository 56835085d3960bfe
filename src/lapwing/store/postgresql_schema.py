"""The tables of the PostgreSQL store, with a comment per table and column.

They hold what the tables of the embedded store hold (see `schema.py`), under the same names.
Results are partitioned by time, a week each, so that old ones go by dropping a table. Names are
unique by a digest, because they may be longer than an entry of an index. Facts carry no foreign
keys: every number in them was looked up or made in the same transaction, under a lock that those
who remove names take alone.
"""

from typing import Final

SCHEMA: Final = """\
-- Projects whose runs lie in this store.
CREATE TABLE project (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that other tables refer to
    digest bytea NOT NULL UNIQUE, -- of the name
    name text NOT NULL -- name of the project; empty where none is set
);

-- Sets of installed packages; most runs share one.
CREATE TABLE package_set (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that runs refer to
    digest bytea NOT NULL UNIQUE, -- of the JSON text
    packages text NOT NULL -- JSON object: name of the package -> version
);

-- One execution of a suite, with the counts that a list of runs shows.
CREATE TABLE run (
    id bigint PRIMARY KEY, -- the start in nanoseconds since the epoch, one more while taken
    run_id text COLLATE "C" NOT NULL UNIQUE, -- the run's UUID
    project bigint NOT NULL, -- whose run it is
    package text NOT NULL, -- package of a repository with many, or empty
    root text NOT NULL, -- folder that node ids are relative to
    started_at_ns bigint NOT NULL, -- nanoseconds since the epoch, UTC
    duration_ns bigint NOT NULL, -- wall time of the whole run
    commit_id text, -- revision that ran
    branch text, -- its branch; NULL on a detached head
    base_commit text, -- merge base with the base branch
    dirty boolean, -- true with uncommitted changes; NULL if unknown
    cpu_model text NOT NULL, -- processor of the machine
    cores bigint NOT NULL, -- processors the run could use
    memory_bytes bigint NOT NULL, -- memory of the machine
    system text NOT NULL, -- Linux, Darwin, Windows
    kernel text NOT NULL, -- version of the kernel
    cpu_limit double precision, -- processors granted by the container
    memory_limit_bytes bigint, -- memory granted by the container
    hostname text NOT NULL, -- name of the machine
    machine_class text NOT NULL, -- what must agree before raw times may be compared
    ci text, -- JSON list: provider, pipeline, job, link, pull request
    python text NOT NULL, -- version of Python
    implementation text NOT NULL, -- cpython, pypy
    package_set bigint, -- what was installed; NULL if nothing is known
    command text, -- JSON list of arguments; NULL where empty
    runner text NOT NULL, -- pytest, or the tool whose report was read
    workers bigint NOT NULL, -- processes of pytest-xdist; 0 without
    distribution text NOT NULL, -- how pytest-xdist dealt tests out
    processes text, -- JSON, each: name, pid, start, warm-up, end, crashed, conftests, boot CPU, end blocks
    exit_status bigint, -- of the runner
    is_complete boolean NOT NULL, -- whether every selected test ran to its end
    why_incomplete text NOT NULL, -- reason where it did not
    deselected bigint NOT NULL, -- tests left out on request
    load_average double precision, -- load of the machine over one minute at the start
    startup_ns bigint NOT NULL, -- from the start of tracking to the start of collection
    tests bigint NOT NULL, -- distinct tests
    outcomes text NOT NULL, -- JSON list of pairs: outcome of the last attempt, number of tests
    worker_ns bigint NOT NULL, -- sum of all phases of all attempts
    results bigint NOT NULL, -- rows in result
    facts bigint NOT NULL -- rows in all tables of facts
);

-- Runs of a project in the order of time.
CREATE INDEX run_by_project ON run (project, id);

-- Tests by name. The number stays when a test is renamed.
CREATE TABLE test (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that facts refer to
    project bigint NOT NULL, -- whose test it is
    digest bytea NOT NULL, -- of the name
    nodeid text NOT NULL, -- name as the runner prints it
    UNIQUE (project, digest)
);

-- Renames that were asked for. A later run that still uses an old name makes a new test.
CREATE TABLE test_alias (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order renamed
    project bigint NOT NULL, -- whose test it is
    old_nodeid text NOT NULL, -- name before
    new_nodeid text NOT NULL, -- name after
    renamed_at_ns bigint NOT NULL -- when, in nanoseconds since the epoch
);

-- Modules and folders that were collected.
CREATE TABLE module (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that facts refer to
    project bigint NOT NULL, -- whose module it is
    digest bytea NOT NULL, -- of the path
    nodeid text NOT NULL, -- path as the runner prints it
    UNIQUE (project, digest)
);

-- Fixtures by name, scope and place.
CREATE TABLE fixture (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that facts refer to
    project bigint NOT NULL, -- whose fixture it is
    digest bytea NOT NULL, -- of name, scope and place
    name text NOT NULL, -- name of the fixture
    scope text NOT NULL, -- function, class, module, package, session
    location text NOT NULL, -- file:line of the definition
    UNIQUE (project, digest)
);

-- Names of the processes that ran tests.
CREATE TABLE worker (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that facts refer to
    digest bytea NOT NULL UNIQUE, -- of the name
    name text NOT NULL -- main, gw0, gw1
);

-- Names of categories.
CREATE TABLE category (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that results refer to
    digest bytea NOT NULL UNIQUE, -- of the name
    name text NOT NULL -- unit, integration, api, e2e, slow
);

-- Lists of markers; many tests share one.
CREATE TABLE marker_set (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- number that results refer to
    digest bytea NOT NULL UNIQUE, -- of the JSON text
    markers text NOT NULL -- JSON list of names, in the order recorded
);

-- Facts: one attempt of one test. NULL means "not measured", never zero. A partition per week of starts.
CREATE TABLE result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    test bigint NOT NULL, -- which test
    worker bigint NOT NULL, -- process that ran it
    is_last boolean NOT NULL, -- whether it is the last attempt of this test in this run
    outcome text NOT NULL, -- passed, failed, error, skipped, ...
    category bigint NOT NULL, -- by which limits it is judged
    attempt integer NOT NULL, -- from 1; under 1 where a suspect was run again
    wall_ns bigint, -- set-up + call + tear-down: kept beside them because every comparison reads it
    cpu_ns bigint, -- processor time of process and children, likewise
    start_ns bigint NOT NULL, -- offset from the run's start
    setup_ns bigint, -- wall time of the set-up
    call_ns bigint, -- wall time of the call
    teardown_ns bigint, -- wall time of the tear-down
    setup_cpu_ns bigint, -- processor time of this process in the set-up
    call_cpu_ns bigint, -- likewise in the call
    teardown_cpu_ns bigint, -- likewise in the tear-down
    child_cpu_ns bigint, -- processor time of children that were waited for
    thread_cpu_ns bigint, -- processor time of the thread that ran the test
    shared_fixture_ns bigint NOT NULL, -- time of fixtures wider than the test, inside its phases
    peak_bytes bigint, -- highest growth of resident memory above the start
    delta_bytes bigint, -- resident memory at the end minus at the start
    gc_ns bigint, -- pauses of the garbage collector
    gc_count bigint, -- collections
    voluntary_switches bigint, -- context switches while waiting
    involuntary_switches bigint, -- context switches forced by the system
    minor_faults bigint, -- page faults without reading from disk
    major_faults bigint, -- page faults with reading from disk
    read_bytes bigint, -- read through system calls
    written_bytes bigint, -- written through system calls
    run_delay_ns bigint, -- runnable but waiting for a processor
    leaked_threads bigint NOT NULL, -- threads at the end minus at the start
    marker_set bigint, -- markers; NULL where none
    counters text, -- JSON object: probe -> [count, time in ns]; NULL where none
    subtests text, -- JSON list: [name, outcome, duration in ns]; NULL where none
    PRIMARY KEY (run, test, ordinal)
) PARTITION BY RANGE (run);

-- Facts: one set-up of one fixture.
CREATE TABLE fixture_result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    fixture bigint NOT NULL, -- which fixture
    requester bigint, -- test that asked first; NULL where none is named
    worker bigint NOT NULL, -- process that set it up
    param text, -- parameter of the fixture
    start_ns bigint NOT NULL, -- offset from the run's start
    setup_ns bigint NOT NULL, -- own wall time of the set-up
    teardown_ns bigint, -- wall time of the tear-down; NULL where it was not seen
    failed boolean NOT NULL, -- whether the set-up failed
    PRIMARY KEY (run, ordinal)
);

-- Facts: collection of one module in one process.
CREATE TABLE collect_result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    module bigint NOT NULL, -- which module
    worker bigint NOT NULL, -- process that collected it
    start_ns bigint NOT NULL, -- offset from the run's start
    duration_ns bigint NOT NULL, -- wall time of import and making of the tests
    cpu_ns bigint NOT NULL, -- processor time of the same
    outcome text NOT NULL, -- passed, error, skipped
    PRIMARY KEY (run, ordinal)
);

-- Facts: one benchmark with its raw samples.
CREATE TABLE benchmark_result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    test bigint NOT NULL, -- test that ran it
    name text NOT NULL, -- name of the benchmark
    source text NOT NULL, -- lapwing, pytest-benchmark
    unit text NOT NULL, -- unit of the samples
    samples bytea NOT NULL, -- little-endian doubles of 8 bytes, in the order measured
    iterations bigint NOT NULL, -- calls per sample
    warmup bigint NOT NULL, -- samples thrown away
    group_name text, -- group it is shown in
    metadata text, -- JSON object of texts; NULL where empty
    PRIMARY KEY (run, ordinal)
);

-- Facts: a limit that a test carries itself, by a marker or a flag of its run.
CREATE TABLE budget_result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    test bigint, -- whose limit it is; NULL for every test
    category text NOT NULL, -- only tests of this category; empty for any
    metric text NOT NULL, -- time, deadline, memory, or the name of a counter
    most bigint NOT NULL, -- the limit in nanoseconds, bytes or events
    origin text NOT NULL, -- where it was set, in words
    PRIMARY KEY (run, ordinal)
);

-- Facts: where a test was when its deadline stopped it.
CREATE TABLE stop_result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    test bigint NOT NULL, -- who was stopped
    attempt bigint NOT NULL, -- which attempt of it, from 1
    stack text NOT NULL, -- calls it was in, outermost first
    PRIMARY KEY (run, ordinal)
);

-- Steps in the history of a test that somebody accepted: its baseline begins there.
CREATE TABLE accepted_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order accepted
    test bigint NOT NULL, -- whose step it is
    run_id text NOT NULL, -- first run of the new level; it may have been removed since
    from_ns bigint NOT NULL, -- its start in nanoseconds since the epoch
    commit_id text, -- revision that it ran; NULL if unknown
    ratio double precision, -- new level by the old one; NULL if not measured
    reason text NOT NULL, -- why it is meant, or empty
    accepted_by text NOT NULL, -- who accepted it, or empty
    accepted_at_ns bigint NOT NULL -- when, in nanoseconds since the epoch
);
"""

MEASURED: Final = """\
-- which metric of the benchmark: wall, cpu, peak_bytes, or a name of its own
ALTER TABLE benchmark_result ADD COLUMN metric text NOT NULL DEFAULT 'wall';
-- whether a higher value is better: 1 if it is
ALTER TABLE benchmark_result ADD COLUMN higher_is_better integer NOT NULL DEFAULT 0;
"""

LOAD_SCHEMA: Final = """\
-- Results of load and stress tests.
CREATE TABLE load_result (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order stored
    project bigint NOT NULL, -- whose result it is
    name text NOT NULL, -- name of the test
    unit text NOT NULL, -- what its loads count: users, rps, threads, tasks
    started_at_ns bigint NOT NULL, -- nanoseconds since the epoch, UTC
    commit_id text, -- revision of the project; NULL if unknown
    branch text, -- its branch; NULL on a detached head
    machine_class text NOT NULL, -- machine that made the load
    result text NOT NULL -- JSON as printed by `lapwing load --format json`
);

-- The results of a project in the order of time. Names may be longer than an entry of an index.
CREATE INDEX load_result_by_time ON load_result (project, started_at_ns);
"""

SERVER_SCHEMA: Final = """\
-- What a server keeps besides runs: tokens, states of the inbox. Few and small.
CREATE TABLE entry (
    kind text NOT NULL, -- token, inbox
    name text NOT NULL, -- what it is found by, within its kind
    document text NOT NULL, -- JSON object
    PRIMARY KEY (kind, name)
);

-- Who changed what on a server. Nothing is ever removed from it.
CREATE TABLE state_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order changed
    at_ns bigint NOT NULL, -- when, in nanoseconds since the epoch
    actor text NOT NULL, -- name of the token or session
    act text NOT NULL, -- token.create, inbox.accept
    subject text NOT NULL, -- what was changed
    project text NOT NULL, -- whose it is; empty for the server's own
    detail text NOT NULL -- how, in words
);
"""

PROFILE_SCHEMA: Final = """\
-- What profilers saw of tests, in short. Flame graphs lie in files where they were made.
CREATE TABLE profile_result (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order stored
    test bigint NOT NULL, -- which test
    started_at_ns bigint NOT NULL, -- when it ran, in nanoseconds since the epoch
    summary text NOT NULL -- JSON as printed by `lapwing profile --format json`
);

-- The profiles of a test.
CREATE INDEX profile_result_by_test ON profile_result (test, started_at_ns);
"""

IMPORT_SCHEMA: Final = """\
-- Facts: what importing a module cost while the suite was collected, where that was asked for.
CREATE TABLE import_result (
    run bigint NOT NULL, -- run it belongs to
    ordinal integer NOT NULL, -- place in the run, from 0
    module text NOT NULL, -- name of the module
    own_ns bigint NOT NULL, -- wall time without the modules that it imported first
    cumulative_ns bigint NOT NULL, -- wall time with them
    imported_by text NOT NULL, -- file and line that imported it first, or pytest
    PRIMARY KEY (run, ordinal)
);
"""

DAY_SCHEMA: Final = """\
-- What is left of removed runs: one test on one day. Kept for ever.
CREATE TABLE day_result (
    test bigint NOT NULL, -- which test
    day integer NOT NULL, -- days since 1970-01-01, UTC
    runs bigint NOT NULL, -- in which it passed
    total_ns bigint NOT NULL, -- wall time of set-up, call and tear-down, summed over them
    least_ns bigint NOT NULL, -- of the quickest
    most_ns bigint NOT NULL, -- of the slowest
    PRIMARY KEY (test, day)
);

-- What is left of removed runs: the whole suite on one day, complete runs only.
CREATE TABLE day_run (
    project bigint NOT NULL, -- whose runs
    day integer NOT NULL, -- days since 1970-01-01, UTC
    runs bigint NOT NULL, -- complete ones
    total_ns bigint NOT NULL, -- wall time, summed over them
    least_ns bigint NOT NULL, -- of the quickest
    most_ns bigint NOT NULL, -- of the slowest
    PRIMARY KEY (project, day)
);
"""

SUMMED_SCHEMA: Final = """\
-- Removed runs that are in the sums by day: one that is read in and removed again is not counted twice.
CREATE TABLE summed_run (
    run_id text PRIMARY KEY -- UUID of the run
);
"""

BLOCK_SCHEMA: Final = """\
-- Facts: tests that passed at their first and last attempt, all phases measured, without counters and
-- subtests. Numbers only: 64 tests with numbers next to each other are packed into one row.
CREATE TABLE result_block (
    run bigint NOT NULL, -- run it belongs to
    place bigint NOT NULL, -- the numbers of its tests, divided by 64
    facts bytea NOT NULL -- the columns of `result` as `store/packed_columns.py` tells
) PARTITION BY RANGE (run);

-- Small numbers side by side: packing them again saves a third, and costs more than writing them.
ALTER TABLE result_block ALTER COLUMN facts SET STORAGE EXTERNAL;

-- The blocks of a run, and in which a test is.
CREATE INDEX result_block_by_run ON result_block (run, place);
"""

NAME_CHANGE_SCHEMA: Final = """\
-- One row: whoever keeps numbers of names forgets them when it changes.
CREATE TABLE name_change (
    changed bigint NOT NULL -- one more each time names were removed or renamed
);

-- Counted from now, in microseconds: in another store of the same place no count comes again.
INSERT INTO name_change SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
"""

STEPS: Final = (
    ("first_tables", SCHEMA),
    ("measured", MEASURED),
    ("load_results", LOAD_SCHEMA),
    ("server", SERVER_SCHEMA),
    ("profiles", PROFILE_SCHEMA),
    ("imports", IMPORT_SCHEMA),
    ("days", DAY_SCHEMA),
    ("summed_runs", SUMMED_SCHEMA),
    ("blocks", BLOCK_SCHEMA),
    ("name_changes", NAME_CHANGE_SCHEMA),
)
"""Named steps that bring a store to the form of today, oldest first. A released step is never changed."""
