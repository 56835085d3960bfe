"""The summary of a profile as a text, for every store."""

import json

from lapwing.errors import StoreError
from lapwing.model.profile import ProfileSummary
from lapwing.model.profile_codec import summary_dict, summary_of


def text_of(summary: ProfileSummary) -> str:
    """The summary as JSON, ASCII only."""
    return json.dumps(summary_dict(summary))


def stored_summary(text: str, *, nodeid: str, where: str) -> ProfileSummary:
    """The summary in `text`, of the test as it is called now. Raises StoreError for what cannot be read."""
    try:
        return summary_of(json.loads(text))._replace(nodeid=nodeid)
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"a profile cannot be read: {error!r}",
            where=where,
            mend="A newer Lapwing may have written it: pip install --upgrade lapwing.",
        ) from error
