"""Notices as GitLab's code quality report: a list, one entry per notice that belongs to a file.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Final

from lapwing.report.harmless import harmless
from lapwing.report.notice import Level, Notice

_SEVERITY: Final = {Level.ERROR: "critical", Level.WARNING: "major", Level.NOTICE: "info"}


def code_quality(notices: Iterable[Notice]) -> str:
    """The report. GitLab shows one entry per fingerprint: it is of kind, file and subject, never of a
    value, so that the same slowdown keeps its entry from run to run."""
    rows = [
        {
            "description": harmless(f"{notice.title}: {notice.message}"),
            "check_name": f"lapwing-{notice.kind}",
            "fingerprint": _fingerprint(notice),
            "severity": _SEVERITY[notice.level],
            "location": {"path": harmless(notice.file), "lines": {"begin": notice.line or 1}},
        }
        for notice in notices
        if notice.file is not None
    ]
    return json.dumps(rows, indent=1) + "\n"


def _fingerprint(notice: Notice) -> str:
    text = "\0".join((notice.kind, notice.file or "", notice.subject))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
