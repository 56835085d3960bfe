"""What Prometheus reads of the store, in its text format."""

from collections.abc import Iterator

from lapwing.store.protocol import RunQuery, Store
from lapwing.units import NS_PER_S

KIND = "text/plain; version=0.0.4; charset=utf-8"


def metrics_text(store: Store) -> str:
    """Runs in all, and of each project the newest run's time, tests and moment."""
    lines = ["# HELP lapwing_runs Runs in the store.", "# TYPE lapwing_runs gauge"]
    lines.append(f"lapwing_runs {store.run_count()}")
    lines += _of_projects(store)
    return "\n".join(lines) + "\n"


def _of_projects(store: Store) -> Iterator[str]:
    names = ("lapwing_last_run_seconds", "lapwing_last_run_tests", "lapwing_last_run_timestamp_seconds")
    helps = ("Wall time of the newest run.", "Tests of the newest run, by outcome.", "When it began.")
    newest = {project: store.runs(RunQuery(project=project, limit=1)) for project in store.projects()}
    for name, told in zip(names, helps, strict=True):
        yield f"# HELP {name} {told}"
        yield f"# TYPE {name} gauge"
        for project, digests in newest.items():
            label = _label(project)
            for digest in digests:
                if name == names[0]:
                    yield f'{name}{{project="{label}"}} {digest.run.duration_ns / NS_PER_S}'
                elif name == names[1]:
                    for outcome, count in digest.outcomes:
                        yield f'{name}{{project="{label}",outcome="{_label(outcome)}"}} {count}'
                else:
                    yield f'{name}{{project="{label}"}} {digest.run.started_at_ns / NS_PER_S}'


def _label(text: str) -> str:
    shown = text.encode("utf-8", "backslashreplace").decode()
    return shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
