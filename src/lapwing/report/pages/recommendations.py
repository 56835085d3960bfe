"""What would make a suite faster, in plain sentences with the evidence first."""

from lapwing.model.report import Recommendation, RecommendationKind, Report
from lapwing.model.suggestion import Suggestion
from lapwing.report.page import Section
from lapwing.report.pages.figures import tests_text
from lapwing.units import format_duration, format_share


def recommendations_section(report: Report, most: int) -> Section:
    """One sentence per recommendation, the largest cost first."""
    title, slug = "Recommendations", "recommendations"
    advice = tuple(map(_advice_sentence, report.advice))
    if advice:
        advice = ("What gains most, simulated (all of it: lapwing advise):", *advice)
    if not report.recommendations:
        said = "Nothing recorded stands out." if report.summary.tests else "Nothing is recorded to advise on."
        return Section(title=title, slug=slug, sentences=advice or (said,))
    found = report.recommendations[:most]
    lead = "What costs most, from what was recorded:"
    return Section(title=title, slug=slug, sentences=(lead, *map(recommendation_sentence, found), *advice))


def _advice_sentence(each: Suggestion) -> str:
    where = f" ({each.where})" if each.where else ""
    return f"{each.title}: about {format_duration(each.gain_ns)} of wall time{where}."


def recommendation_sentence(each: Recommendation) -> str:
    """What was seen, what it costs, what to do."""
    cost = f"{format_duration(each.cost_ns)} ({format_share(each.share)})"
    first = each.subjects[0] if each.subjects else ""
    match each.kind:
        case RecommendationKind.SLEEP:
            return (
                f"Sleeps take {cost} in {tests_text(each.count)}, most in {_subjects(each)}: "
                "wait for what is expected instead, or hand in a clock."
            )
        case RecommendationKind.SUBPROCESS:
            return (
                f"Subprocesses take {cost} in {tests_text(each.count)}, most in {_subjects(each)}: "
                "call the code itself where the process is not what is tested."
            )
        case RecommendationKind.FIXTURE_REPEATED:
            return (
                f"Fixture {first} is set up {each.count} times for {cost} in all: "
                "if tests only read what it makes, a wider scope makes it once."
            )
        case RecommendationKind.LONGEST_TEST:
            return f"{first} alone takes {cost}: split it, or look into it with: lapwing show --test NODEID"
        case RecommendationKind.COLLECTION:
            over = f" over {each.count} processes" if each.count > 1 else ""
            return f"Collecting {first} takes {cost}{over}: look at what it imports and computes on import."
        case RecommendationKind.PARALLEL:
            return (
                f"One process ran everything on a machine with {each.count} processors: workers "
                f"(pytest -n auto) could save up to {cost}."
            )
        case RecommendationKind.BUSY_MACHINE:
            fewer = f", or fewer than {each.count} workers" if each.count > 1 else ""
            return f"Tests were ready and waited {cost} for a processor: run less beside them{fewer}."


def _subjects(each: Recommendation) -> str:
    named = [
        f"{name} ({format_duration(cost)})"
        for name, cost in zip(each.subjects, each.subject_costs_ns, strict=True)
    ]
    return " and ".join(named[:2])
