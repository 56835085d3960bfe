"""The table of options. Loading, the reference page and the origins of settings all read it.

A default stands here as a person would write it; `convert` turns it into inside units, and
`python docs/generate.py` writes those into `defaults.py`, which is all that a project without settings reads:
run it after any change here.
"""

from typing import Final

from lapwing.config.choices import BaselineSource, Preset, TimeoutMethod
from lapwing.model.budget import Basis, Phase
from lapwing.model.value import Value
from lapwing.model.word import Word


class Kind(Word):
    """What may be written for an option; the value describes it for people."""

    FLAG = "true or false"
    TEXT = "text"
    TEXTS = "list of texts"
    INTEGER = "whole number"
    DURATION = "duration with its unit, such as `200ms` or `1.5s`"
    SECONDS = "number of seconds, or a duration with its unit"
    SIZE = "size with its unit, such as `10MB`"
    PERCENT = "percentage: `20`, or `20%` as text"
    SHARE = "number between 0 and 1"
    CHOICE = "one of the listed words"
    PATH = "path; relative ones start at the root"
    PATH_OR_NONE = "path, or empty for none; relative ones start at the root"
    LOCATION = "URL, or path; relative ones start at the root"
    NUMBER = "number over 0"
    TABLE = "tables by name"


class Option(Value):
    """One option of `[tool.lapwing]`."""

    name: str  # the key in pyproject.toml
    kind: Kind
    default: object  # as written in a file; AUTO where it depends on the project
    help: str
    since: str = "0.1"
    env: str = ""  # environment variable that sets it
    flag: str = ""  # command line flag that sets it
    field: str = ""  # name in Settings where it is not `name`: units are part of names there
    least: int = 0  # smallest whole number allowed
    choices: tuple[Word, ...] = ()
    is_in_performance_table: bool = False  # read from [tool.performance] too
    entries: tuple["Option", ...] = ()  # keys of the table, or of each table by name, for Kind.TABLE
    is_one_table: bool = False  # the entries are keys of the table itself

    @property
    def settings_field(self) -> str:
        """The name of the field of `Settings` that holds it."""
        return self.field or self.name


AUTO: Final = "auto"

CATEGORY_OPTIONS: Final = (
    Option(
        "paths",
        Kind.TEXTS,
        [],
        "Globs of the test files of this category, from the root. `*` stays inside one folder, `**` crosses "
        "folders, a glob without `/` fits any folder or file name, and what fits a folder fits all below it. "
        "They take the place of the built-in path words of this category.",
    ),
    Option(
        "markers",
        Kind.TEXTS,
        [],
        "Markers that put a test into this category. Its own name is always one of them, with and "
        "without `_test`.",
    ),
    Option(
        "budget",
        Kind.DURATION,
        AUTO,
        "How long a test of this category may take: set-up, call and tear-down, unless `budget_phase` says "
        "otherwise. Built in are slow 30 s, e2e 10 s, integration and api 5 s, unit 1 s, any other 10 s. In "
        "the environment, `UNIT_TEST_THRESHOLD`, `INTEGRATION_TEST_THRESHOLD`, `API_TEST_THRESHOLD`, "
        "`E2E_TEST_THRESHOLD`, `SLOW_TEST_THRESHOLD` and `STRESS_TEST_THRESHOLD` set it, in seconds.",
        field="limit_ns",
    ),
    Option(
        "timeout",
        Kind.DURATION,
        AUTO,
        "With `timeouts = true`, when a test of this category is stopped. `auto` is its budget times "
        "`timeout_factor`; `0` never stops one.",
        field="timeout_ns",
    ),
    Option(
        "memory",
        Kind.SIZE,
        AUTO,
        "How far the resident memory may rise during a test of this category; `auto` sets no limit.",
        field="memory_bytes",
    ),
    Option("sql_queries", Kind.INTEGER, AUTO, "How many SQL queries a test may make; `auto` sets no limit."),
    Option(
        "cache_hit_ratio",
        Kind.PERCENT,
        AUTO,
        "How much of what a test looks up in caches must be there; `auto` sets no limit.",
        since="0.2",
    ),
    Option(
        "counters",
        Kind.TABLE,
        {},
        "How many events of a probe a test may have, by the counter's name: `{ sleep = 0, subprocess = 2 }`.",
    ),
    Option(
        "probes",
        Kind.TEXTS,
        AUTO,
        "What is measured of tests of this category. By default `unit` has time, cpu and memory; "
        "`integration` adds sql, cache and network; `api` adds http to these and `e2e` page; others are "
        "measured like `unit`.",
    ),
)

LINT_OPTIONS: Final = (
    Option(
        "sleep_threshold",
        Kind.DURATION,
        "10ms",
        "Sleeps shorter than this, the rounds of loops counted, are no finding.",
        since="0.2",
        field="sleep_threshold_ns",
    ),
    Option(
        "strict",
        Kind.FLAG,
        False,
        "Requests to hosts that the code does not tell, and sleeps of any length, fail too.",
        since="0.2",
        flag="--strict",
    ),
    Option(
        "select",
        Kind.TEXTS,
        [],
        "Rules to apply, by code, beginning of codes, or name; empty applies all.",
        since="0.2",
        flag="--select",
    ),
    Option(
        "ignore",
        Kind.TEXTS,
        [],
        "Rules to leave out, written like `select`.",
        since="0.2",
        flag="--ignore",
    ),
    Option(
        "per_file",
        Kind.TABLE,
        {},
        "Rules to leave out in some files: a glob written like `paths` of a category, and the rules, "
        'such as `"tests/legacy/**" = ["LW101"]`.',
        since="0.2",
        flag="--per-file",
    ),
    Option(
        "slow_marks",
        Kind.TEXTS,
        [],
        "Marks and decorators whose tests may take their time, beside slow, integration, e2e, network and "
        "their like.",
        since="0.2",
    ),
    Option(
        "slow_folders",
        Kind.TEXTS,
        [],
        "Folder names whose tests may take their time, beside integration, e2e, smoke and their like.",
        since="0.2",
    ),
    Option(
        "max_cases",
        Kind.INTEGER,
        200,
        "How many cases parametrize may make of one test.",
        since="0.2",
        least=1,
    ),
    Option(
        "heavy_imports",
        Kind.TEXTS,
        [],
        "Packages that take long to import, beside the known ones.",
        since="0.2",
    ),
    Option(
        "wall_limit",
        Kind.DURATION,
        "1s",
        "A limit on elapsed wall time in a test that is under this breaks by noise.",
        since="0.2",
        field="wall_limit_ns",
    ),
)

LOAD_OPTIONS: Final = (
    Option(
        "base_url",
        Kind.TEXT,
        "",
        "Address that endpoints of load tests are below, where they name none: `http://127.0.0.1:8000`.",
        since="0.2",
    ),
    Option(
        "hosts",
        Kind.TEXTS,
        [],
        "Globs of your own test hosts. They may be loaded as long as all their addresses are private; this "
        "machine always may be, a public address never without `--i-own-this-target`.",
        since="0.2",
    ),
)

THRESHOLD_OPTIONS: Final = (
    Option(
        "tests",
        Kind.TEXTS,
        [],
        "Globs of the tests that are meant: folders, files, classes or node ids. `*` fits any text, and what "
        "fits a folder, file or class fits all in it. None means all.",
    ),
    Option("categories", Kind.TEXTS, [], "Categories of the tests that are meant; none means all."),
    Option(
        "metrics",
        Kind.TEXTS,
        [],
        "What is meant: `wall`, `cpu`, `peak_bytes`, `delta_bytes`, `counter:NAME`; none means all of these. "
        "Sums are meant only where they are named: `suite_wall`, `group_wall`, `category_wall`, "
        "`fixture_setup`, `collection`; `tests` then fits their names.",
    ),
    Option("warning", Kind.PERCENT, AUTO, "Slowdown from which it is a warning."),
    Option("critical", Kind.PERCENT, AUTO, "Slowdown from which it is critical."),
    Option(
        "min_change",
        Kind.DURATION,
        AUTO,
        "Change of a duration under which nothing is reported.",
        field="min_change_ns",
    ),
)

LOAD_BUDGET_OPTIONS: Final = (
    Option("p50", Kind.DURATION, AUTO, "Median latency, at most.", field="p50_ns", since="0.2"),
    Option("p95", Kind.DURATION, AUTO, "95th percentile of latency, at most.", field="p95_ns", since="0.2"),
    Option("p99", Kind.DURATION, AUTO, "99th percentile of latency, at most.", field="p99_ns", since="0.2"),
    Option("failures", Kind.PERCENT, AUTO, "Share of requests that may fail, such as `1%`.", since="0.2"),
    Option(
        "rps",
        Kind.NUMBER,
        AUTO,
        "Answers a second, at least: achieved at one level, of rising loads at the highest that was held.",
        since="0.2",
    ),
)

PACKAGE_OPTIONS: Final = (
    Option(
        "suite_budget",
        Kind.DURATION,
        AUTO,
        "How long a run of this package's tests may take.",
    ),
)

OPTIONS: Final = (
    Option(
        "track",
        Kind.FLAG,
        False,
        "Record every pytest run.",
        env="PERFORMANCE_MONITORING",
        flag="--track-performance",
    ),
    Option(
        "exclude",
        Kind.TEXTS,
        [],
        "Globs of test files that are left out of tracking, written like `paths` of a category.",
    ),
    Option(
        "sql_drivers",
        Kind.TEXTS,
        [],
        "Modules of database drivers that Lapwing does not know by itself, such as `pymysql`: queries of "
        "connections made by their `connect` (PEP 249) are counted.",
        since="0.2",
    ),
    Option(
        "project",
        Kind.TEXT,
        AUTO,
        "Name under which runs are stored. `auto` is the name of the root folder.",
    ),
    Option("package", Kind.TEXT, "", "Package of a monorepo to which the tests of this root belong."),
    Option(
        "store",
        Kind.LOCATION,
        ".lapwing/store.sqlite",
        "Where runs are kept: a path, or `postgresql://user@host/database` (extra `postgresql`).",
        env="LAPWING_STORE",
        flag="--store",
    ),
    Option(
        "data_file",
        Kind.PATH_OR_NONE,
        AUTO,
        "JSON file with the newest run, written after each tracked run; empty writes none. `auto` is "
        "`tests/.performance_data.json` where the folder `tests` exists, else none.",
        is_in_performance_table=True,
    ),
    Option(
        "baseline_file",
        Kind.PATH,
        AUTO,
        "Baseline file that is kept in git. `auto` is `tests/.performance_baseline.json` where the folder "
        "`tests` exists, else `.performance_baseline.json`.",
        is_in_performance_table=True,
    ),
    Option(
        "results_dir",
        Kind.PATH,
        "tests/performance_results",
        "Folder for saved report files.",
    ),
    Option(
        "individual_test_threshold",
        Kind.PERCENT,
        20.0,
        "Slowdown of a single test from which it is a warning.",
        is_in_performance_table=True,
    ),
    Option(
        "suite_threshold",
        Kind.PERCENT,
        15.0,
        "Slowdown of a sum (suite, package, group) from which it is a warning.",
        is_in_performance_table=True,
    ),
    Option("critical_threshold", Kind.PERCENT, 50.0, "Slowdown from which it is critical."),
    Option(
        "slow_test_threshold_seconds",
        Kind.SECONDS,
        30.0,
        "Duration over which a test is called slow.",
        field="slow_test_ns",
        is_in_performance_table=True,
    ),
    Option(
        "base_branch",
        Kind.TEXT,
        "",
        "Branch that others are compared with. Empty takes the default branch of `origin`, else the first of "
        "`main`, `master`, `develop` that exists.",
    ),
    Option(
        "baseline",
        Kind.CHOICE,
        BaselineSource.AUTO,
        "What runs are compared with: `file` is the baseline file, `history` the stored runs of the base "
        "branch, `auto` the file where there is one, else the history.",
        choices=tuple(BaselineSource),
    ),
    Option("baseline_runs", Kind.INTEGER, 20, "How many runs of the history make a baseline.", least=1),
    Option(
        "baseline_min_runs",
        Kind.INTEGER,
        5,
        "With fewer runs in the baseline, the noise of the whole suite stands in for each test's own.",
        least=1,
    ),
    Option(
        "min_change",
        Kind.DURATION,
        "2ms",
        "Change of a duration under which nothing is reported. Lowering it is only of use for suites of very "
        "short tests.",
        field="min_change_ns",
    ),
    Option(
        "false_discovery_rate",
        Kind.SHARE,
        0.01,
        "Share of reported changes that may be chance. Leave it alone unless false alarms cost you nothing.",
    ),
    Option("summary_tests", Kind.INTEGER, 5, "How many tests each list of the summary shows; 0 shows none."),
    Option(
        "summary_advice",
        Kind.FLAG,
        True,
        "Tell at the end of a run of 10 s or more, in a line or two, what would save a tenth of it or more.",
    ),
    Option(
        "keep_days",
        Kind.INTEGER,
        90,
        "Runs older than so many days may be removed from the store; 0 keeps them.",
    ),
    Option(
        "keep_size",
        Kind.SIZE,
        "1GB",
        "Size of the store over which its oldest runs may be removed; `0B` keeps them.",
        field="keep_bytes",
    ),
    Option(
        "alerts",
        Kind.TEXTS,
        [],
        "Addresses that `lapwing notify` tells what is new: whatever apprise can send to, such as "
        "`slack://$SLACK_TOKEN/#tests` or `mailto://…`, and `desktop`. `terminal` and `dashboard` may be "
        "named, and are told without. `$NAME` is a variable of the environment: secrets do not belong "
        "into a file. `OWNER=ADDRESS` is told of the tests alone that "
        "CODEOWNERS gives to this owner. In the environment, addresses are parted by blanks.",
        env="LAPWING_ALERTS",
    ),
    Option(
        "alerts_per_hour",
        Kind.INTEGER,
        20,
        "How many messages a channel gets within an hour; what is more waits and goes together.",
        least=1,
    ),
    Option(
        "system_memory_limit",
        Kind.PERCENT,
        "10%",
        "Share of the memory that must be left during `lapwing run`; less is an alert. 0 sets no limit.",
    ),
    Option(
        "system_swap_limit",
        Kind.SIZE,
        "0B",
        "By how much the use of swap may grow during `lapwing run`; more is an alert.",
        field="system_swap_bytes",
    ),
    Option(
        "system_cpu_limit",
        Kind.PERCENT,
        "95%",
        "Share of the processors' time over which they are busy, see `system_cpu_time`.",
    ),
    Option(
        "system_cpu_time",
        Kind.DURATION,
        "30s",
        "How long processors may be busy without a pause during `lapwing run`; more is an alert. `0s` "
        "sets no limit.",
        field="system_cpu_ns",
    ),
    Option(
        "process_tree_limit",
        Kind.SIZE,
        "0B",
        "How much memory pytest and all processes below it may hold during `lapwing run`; more is an alert. "
        "`0B` sets no limit.",
        field="process_tree_bytes",
    ),
    Option(
        "otel",
        Kind.FLAG,
        False,
        "Send each tracked run to an OpenTelemetry collector as it ends: a trace and metrics over OTLP/HTTP.",
        env="LAPWING_OTEL",
        flag="--otel",
    ),
    Option(
        "otel_endpoint",
        Kind.TEXT,
        "",
        "Address of the collector. Empty takes `OTEL_EXPORTER_OTLP_ENDPOINT`, else `http://localhost:4318`. "
        "`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES` and `TRACEPARENT` "
        "count, too.",
    ),
    Option(
        "preset",
        Kind.CHOICE,
        Preset.DEFAULT,
        "Limits to begin with. `strict`: unit 100 ms, integration 2 s, api 5 s, e2e 10 s.",
        choices=tuple(Preset),
    ),
    Option(
        "warn_at",
        Kind.PERCENT,
        "80%",
        "Share of a budget from which a test that still keeps it is named.",
        env="WARN_THRESHOLD_PERCENT",
    ),
    Option(
        "suite_budget",
        Kind.DURATION,
        "5min",
        "How long a whole run may take, from start to end.",
        field="suite_budget_ns",
    ),
    Option(
        "budget_phase",
        Kind.CHOICE,
        Phase.ALL,
        "Which time a budget is about: `all` is set-up, call and tear-down, `call` the call only.",
        choices=tuple(Phase),
    ),
    Option(
        "budget_basis",
        Kind.CHOICE,
        Basis.RAW,
        "`raw` judges time as it was measured; `normalized` takes out how much slower the machine was than "
        "the baseline's.",
        choices=tuple(Basis),
    ),
    Option(
        "slow_test_allowance",
        Kind.INTEGER,
        0,
        "How many more slow tests than in the baseline a run may have.",
    ),
    Option(
        "performance_budgets",
        Kind.TABLE,
        {},
        "Time budgets by category, such as `unit_test = 100`: a number is milliseconds. Names are accepted "
        "with and without `_test`; `budget` in a category's own table wins.",
    ),
    Option(
        "packages",
        Kind.TABLE,
        {},
        'Limits of the packages of a monorepo, as `[tool.lapwing.packages."services/billing"]`; they hold '
        "for a run whose `package` has that name, and in a run of more than that for the tests below that "
        "folder together.",
        entries=PACKAGE_OPTIONS,
    ),
    Option(
        "release_tags",
        Kind.TEXT,
        "v*",
        "Which tags of git are releases, as a glob; the release gate compares with the newest of them.",
    ),
    Option(
        "timeouts",
        Kind.FLAG,
        False,
        "Stop every test at the deadline of its category. Needs the extra `timeouts`.",
    ),
    Option("timeout_factor", Kind.NUMBER, 1.0, "A category's deadline is its budget times this."),
    Option(
        "timeout_method",
        Kind.CHOICE,
        TimeoutMethod.AUTO,
        "How a test is stopped: `signal` fails it and goes on, `thread` ends the process. `auto` leaves it "
        "to pytest-timeout.",
        choices=tuple(TimeoutMethod),
    ),
    Option(
        "stuck_after",
        Kind.DURATION,
        "60s",
        "How long after its deadline a test that could not be stopped, because it holds the interpreter's "
        "lock, ends its process; `0` never.",
        field="stuck_after_ns",
    ),
    Option(
        "categories",
        Kind.TABLE,
        {},
        "What belongs to a category, as `[tool.lapwing.categories.NAME]`. Built in are slow, e2e, "
        "integration, api, stress and unit; any other name makes a category of your own.",
        entries=CATEGORY_OPTIONS,
    ),
    Option(
        "lint",
        Kind.TABLE,
        {},
        "What `lapwing lint` looks for and allows, as `[tool.lapwing.lint]`.",
        since="0.2",
        entries=LINT_OPTIONS,
        is_one_table=True,
    ),
    Option(
        "load",
        Kind.TABLE,
        {},
        "What load and stress tests are aimed at, as `[tool.lapwing.load]`.",
        since="0.2",
        entries=LOAD_OPTIONS,
        is_one_table=True,
    ),
    Option(
        "load_budgets",
        Kind.TABLE,
        {},
        'Limits of load and stress tests, as `[tool.lapwing.load_budgets."GET /api/*"]` with the name of the '
        "test, or a glob of names. Of several that fit a test, the last one that sets a limit wins.",
        since="0.2",
        entries=LOAD_BUDGET_OPTIONS,
    ),
    Option(
        "thresholds",
        Kind.TABLE,
        {},
        "Other thresholds for some tests, as `[tool.lapwing.thresholds.NAME]` with a name of your own. Of "
        "several that fit a test the last one wins.",
        entries=THRESHOLD_OPTIONS,
    ),
    Option(
        "verbose",
        Kind.FLAG,
        False,
        "Print a line for each slow test as it ends.",
        env="VERBOSE_TESTS",
        flag="-v",
    ),
)

OPTIONS_BY_NAME: Final = {option.name: option for option in OPTIONS}
