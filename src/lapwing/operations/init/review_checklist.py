"""What a reviewer looks at, as a part of the pull-request template. Pure."""

from collections.abc import Collection
from typing import Final

from lapwing.operations.init.line_ends import with_block

GITHUB_TEMPLATE: Final = ".github/pull_request_template.md"
GITLAB_TEMPLATE: Final = ".gitlab/merge_request_templates/Default.md"

TEMPLATES: Final = (
    GITHUB_TEMPLATE,
    ".github/PULL_REQUEST_TEMPLATE.md",
    "pull_request_template.md",
    "PULL_REQUEST_TEMPLATE.md",
    "docs/pull_request_template.md",
    "docs/PULL_REQUEST_TEMPLATE.md",
    GITLAB_TEMPLATE,
)
"""Where templates lie, first those that GitHub takes first."""

_MARK: Final = "<!-- lapwing: review checklist -->"
_CHECKLIST: Final = f"""\
## Performance of the tests

{_MARK}

- [ ] New tests are as small as what they check: no server, database or file where a function would do.
- [ ] No test waits for a fixed time; it waits for what it needs, with a limit.
- [ ] Costly set-up is shared by a fixture of a wider scope, and no test changes what is shared.
- [ ] Tests that must be slow are marked so, and say why.
- [ ] `lapwing check` finds nothing that got slower, or the reason stands above.
"""


def template_path(existing: Collection[str], ci_files: Collection[str]) -> str:
    """The template to extend, or the one to make: GitLab's where only GitLab's CI is found."""
    for path in TEMPLATES:
        if path in existing:
            return path
    is_gitlab = ".gitlab-ci.yml" in ci_files and not any(each.startswith(".github/") for each in ci_files)
    return GITLAB_TEMPLATE if is_gitlab else GITHUB_TEMPLATE


def with_checklist(text: str | None) -> str | None:
    """The template `text` with the checklist; None where it has it."""
    if _MARK in (text or ""):
        return None
    return with_block(text or "", _CHECKLIST)
