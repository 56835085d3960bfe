"""The columns that tell the metrics of one benchmark apart; see `schema.py`."""

from typing import Final

MEASURED_SCHEMA: Final = """\
-- which metric of the benchmark: wall, cpu, peak_bytes, or a name of its own
ALTER TABLE benchmark_result ADD COLUMN metric TEXT NOT NULL DEFAULT 'wall';
-- 1 where a higher value is better
ALTER TABLE benchmark_result ADD COLUMN higher_is_better INTEGER NOT NULL DEFAULT 0;
"""
