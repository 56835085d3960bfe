"""Figures of a run for Prometheus: as text, in a file, at a gateway."""

from collections.abc import Mapping
from pathlib import Path

from lapwing.config.settings import Settings
from lapwing.operations.find_run import find_run
from lapwing.operations.make_report import ReportWish, make_report
from lapwing.outbound.prometheus import push
from lapwing.report.pages.notices import notices
from lapwing.report.render.prometheus import render_prometheus
from lapwing.store.atomic_file import replace_file
from lapwing.store.protocol import Store

_JOB = "lapwing"


def prometheus_text(settings: Settings, store: Store | None, name: str) -> tuple[str, dict[str, str]]:
    """The figures of the run called `name`, and the labels that they all have. Raises NoDataError."""
    found = find_run(settings, store, name)
    report = make_report(settings, store, found, ReportWish(slow_ns=settings.slow_test_ns))
    run = report.recorded.run if report.recorded else None
    labels = {"project": settings.project, "branch": (run.revision.branch or "") if run else ""}
    return render_prometheus(report, notices(report), labels), labels


def write_text(file: str, text: str) -> None:
    """Put the figures into a file whole: a collector never reads half of it. Raises StoreError."""
    replace_file(Path(file), [text], encoding="utf-8")


def push_text(gateway: str, labels: Mapping[str, str], text: str) -> str:
    """Push the figures; returns what to say of it. Raises RemoteError, ConfigurationError."""
    push(gateway, _JOB, labels, text)
    return f"pushed the figures of {labels['project']} as job {_JOB}"
