"""Two sides compared: verdict, what changed and how sure that is, what the machine did."""

from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.report.page import Page, Section, Tone
from lapwing.report.pages import changes
from lapwing.report.pages.verdict import changed_text, slower_as_a_whole
from lapwing.units import format_count

_MOST = 50
_MOST_NAMES = 10

_TONES = {
    ChangeVerdict.REGRESSED: Tone.BAD,
    ChangeVerdict.IMPROVED: Tone.GOOD,
    ChangeVerdict.UNCHANGED: Tone.GOOD,
    ChangeVerdict.CANNOT_TELL: Tone.UNSURE,
}


def compare_page(before: str, after: str, judgment: RunComparison) -> Page:
    """`after` against `before`."""
    sections: list[Section] = []
    for title, slug, verdict in changes.SECTIONS:
        found = changes.by_verdict(judgment, verdict)
        section = changes.change_section(title, slug, found, _MOST)
        if section is not None:
            sections.append(section)
    section = changes.sums_section(judgment, _MOST)
    if section is not None:
        sections.append(section)
    listed = (("new", "new", judgment.new_tests), ("gone", "gone, or did not pass", judgment.gone_tests))
    sections += [_names(slug, title, names) for slug, title, names in listed if names]
    sections.append(Section(title="", slug="machine", sentences=changes.side_sentences(judgment)))
    return Page(
        title=f"{before} → {after}",
        verdict=_sentence(before, after, judgment),
        tone=_TONES[judgment.verdict],
        sections=tuple(sections),
    )


def _sentence(before: str, after: str, judgment: RunComparison) -> str:
    if judgment.reason:
        sure = (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)
        said = "; ".join(filter(None, (*(changed_text(judgment, each) for each in sure), judgment.reason)))
        return f"{after} against {before}: {said}"
    counts = [changed_text(judgment, verdict) for _, _, verdict in changes.SECTIONS]
    if judgment.verdict == ChangeVerdict.REGRESSED and not counts[0]:
        counts[0] = slower_as_a_whole(judgment)
    tests = len({each.nodeid for each in judgment.comparisons})
    said = ", ".join(filter(None, counts)) or "nothing changed"
    return f"{after} against {before}: {said} ({format_count(tests, 'test')} on both sides)"


def _names(slug: str, title: str, names: tuple[str, ...]) -> Section:
    more = len(names) - _MOST_NAMES
    listed = (*names[:_MOST_NAMES], *([f"and {more} more"] if more > 0 else []))
    count = format_count(len(names), "test")
    return Section(title=title, slug=slug, sentences=(count, *listed))
