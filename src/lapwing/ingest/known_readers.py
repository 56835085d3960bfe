"""All readers, in the order in which they are asked whether a file is theirs."""

from typing import Final

from lapwing.ingest.reader import Reader
from lapwing.ingest.readers.allure import AllureReader
from lapwing.ingest.readers.asv import AsvReader
from lapwing.ingest.readers.bazel_events import BazelEventsReader
from lapwing.ingest.readers.benchee import BencheeReader
from lapwing.ingest.readers.boost_test import BoostTestReader
from lapwing.ingest.readers.cargo_criterion import CargoCriterionReader
from lapwing.ingest.readers.catch2 import Catch2Reader
from lapwing.ingest.readers.criterion import CriterionReader
from lapwing.ingest.readers.ctest import CTestReader
from lapwing.ingest.readers.ctrf import CtrfReader
from lapwing.ingest.readers.cucumber_json import CucumberJsonReader
from lapwing.ingest.readers.dart_json import DartJsonReader
from lapwing.ingest.readers.generic_json import GenericJsonReader
from lapwing.ingest.readers.go_test import GoTestReader
from lapwing.ingest.readers.google_benchmark import GoogleBenchmarkReader
from lapwing.ingest.readers.googletest_json import GoogleTestJsonReader
from lapwing.ingest.readers.hyperfine import HyperfineReader
from lapwing.ingest.readers.jest_json import JestJsonReader
from lapwing.ingest.readers.junit import JUnitReader
from lapwing.ingest.readers.lapwing_run import LapwingRunReader
from lapwing.ingest.readers.libtest_json import LibtestJsonReader
from lapwing.ingest.readers.mocha_json import MochaJsonReader
from lapwing.ingest.readers.nunit import NUnitReader
from lapwing.ingest.readers.playwright_json import PlaywrightJsonReader
from lapwing.ingest.readers.pytest_benchmark import PytestBenchmarkReader
from lapwing.ingest.readers.pytest_json_report import PytestJsonReportReader
from lapwing.ingest.readers.pytest_reportlog import PytestReportlogReader
from lapwing.ingest.readers.robot import RobotReader
from lapwing.ingest.readers.rspec_json import RspecJsonReader
from lapwing.ingest.readers.subunit_v1 import SubunitV1Reader
from lapwing.ingest.readers.subunit_v2 import SubunitV2Reader
from lapwing.ingest.readers.tap import TapReader
from lapwing.ingest.readers.trx import TrxReader
from lapwing.ingest.readers.xunit_net import XUnitNetReader

READERS: Final[tuple[Reader, ...]] = (
    JUnitReader(),
    PytestReportlogReader(),
    PytestJsonReportReader(),
    GoTestReader(),
    JestJsonReader(),
    PlaywrightJsonReader(),
    CtrfReader(),
    LibtestJsonReader(),
    TrxReader(),
    PytestBenchmarkReader(),
    HyperfineReader(),
    GoogleBenchmarkReader(),
    CriterionReader(),
    CargoCriterionReader(),
    BencheeReader(),
    AsvReader(),
    CTestReader(),
    NUnitReader(),
    XUnitNetReader(),
    RobotReader(),
    BoostTestReader(),
    Catch2Reader(),
    AllureReader(),
    GoogleTestJsonReader(),
    RspecJsonReader(),
    MochaJsonReader(),
    DartJsonReader(),
    CucumberJsonReader(),
    BazelEventsReader(),
    LapwingRunReader(),
    GenericJsonReader(),
    SubunitV2Reader(),
    SubunitV1Reader(),
    # Text that looks like nothing else.
    TapReader(),
)
