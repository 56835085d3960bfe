"""All readers, in the order in which they are asked whether a file is theirs."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Final, cast

from lapwing.ingest.reader import Reader

_KNOWN: Final = (
    ("junit", "JUnitReader"),
    ("pytest_reportlog", "PytestReportlogReader"),
    ("pytest_json_report", "PytestJsonReportReader"),
    ("go_test", "GoTestReader"),
    ("jest_json", "JestJsonReader"),
    ("playwright_json", "PlaywrightJsonReader"),
    ("ctrf", "CtrfReader"),
    ("libtest_json", "LibtestJsonReader"),
    ("trx", "TrxReader"),
    ("pytest_benchmark", "PytestBenchmarkReader"),
    ("hyperfine", "HyperfineReader"),
    ("google_benchmark", "GoogleBenchmarkReader"),
    ("criterion", "CriterionReader"),
    ("cargo_criterion", "CargoCriterionReader"),
    ("benchee", "BencheeReader"),
    ("asv", "AsvReader"),
    ("ctest", "CTestReader"),
    ("nunit", "NUnitReader"),
    ("xunit_net", "XUnitNetReader"),
    ("robot", "RobotReader"),
    ("boost_test", "BoostTestReader"),
    ("catch2", "Catch2Reader"),
    ("allure", "AllureReader"),
    ("googletest_json", "GoogleTestJsonReader"),
    ("rspec_json", "RspecJsonReader"),
    ("mocha_json", "MochaJsonReader"),
    ("dart_json", "DartJsonReader"),
    ("cucumber_json", "CucumberJsonReader"),
    ("bazel_events", "BazelEventsReader"),
    ("lapwing_run", "LapwingRunReader"),
    ("generic_json", "GenericJsonReader"),
    ("subunit_v2", "SubunitV2Reader"),
    ("subunit_v1", "SubunitV1Reader"),
    # Text that looks like nothing else.
    ("tap", "TapReader"),
)
"""Modules of `readers/` and their classes."""


def readers() -> Iterator[Reader]:
    """The readers, each loaded as it is come to: most files belong to the first, and to load all of them
    takes as long as to read ten thousand cases."""
    return (_reader(module, name) for module, name in _KNOWN)


@cache
def _reader(module: str, name: str) -> Reader:
    return cast(Reader, getattr(import_module(f"lapwing.ingest.readers.{module}"), name)())
