"""Names of the metrics by which load tests are compared from run to run."""

from typing import Final

LATENCY_P50: Final = "latency p50"
LATENCY_P95: Final = "latency p95"
ACHIEVED: Final = "achieved"
HIGHEST_HELD: Final = "highest held"
