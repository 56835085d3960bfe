"""May this be released? Any broken limit, and any regression since the last release tag, says no."""

from lapwing.config.settings import Settings
from lapwing.environment.release_tags import last_release_tag
from lapwing.model.gate import GateAnswer
from lapwing.operations.check_run import check_run
from lapwing.operations.find_run import BASELINE
from lapwing.store.protocol import Store


def check_release(settings: Settings, store: Store, name: str) -> GateAnswer:
    """The run called `name` against the run of the last release tag, the baseline before a first release.

    Raises NoDataError where there is no complete run of that tag: a strict gate does not guess.
    """
    tag = last_release_tag(settings.root, settings.release_tags)
    answer = check_run(settings, store, name, against=BASELINE if tag is None else tag)
    since = f"since {tag}" if tag is not None else f"no tag {settings.release_tags} before this one"
    return answer._replace(notes=(*answer.notes, f"release gate: {since}"))
