"""Thin scripts under names that teams know, each a call of one command. Pure."""

from collections.abc import Mapping
from typing import Final

_REPORT: Final = '''\
#!/usr/bin/env python3
"""Report on the newest recorded run of the tests: `lapwing report`, with the same arguments."""

import subprocess
import sys

if __name__ == "__main__":
    sys.exit(subprocess.call([sys.executable, "-m", "lapwing", "report", *sys.argv[1:]]))
'''

_CHECK: Final = """\
#!/bin/sh
# Fail if the newest recorded run of the tests is slower than the baseline.
exec lapwing check "$@"
"""

SCRIPTS: Final[Mapping[str, str]] = {
    "scripts/generate_performance_report.py": _REPORT,
    "scripts/check-performance-regression.sh": _CHECK,
}
"""Path -> text."""
