"""The list of tokens."""

from collections.abc import Sequence

from lapwing.model.access import ANY_PROJECT, Token
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.moment import local_day
from lapwing.units import format_count


def tokens_page(tokens: Sequence[Token]) -> Page:
    """One row per token, never its secret."""
    rows = tuple(
        (
            token.token_id,
            token.name,
            token.scope.value,
            "all" if token.project == ANY_PROJECT else token.project,
            local_day(token.created_at_ns),
            "never" if token.expires_at_ns is None else local_day(token.expires_at_ns),
        )
        for token in tokens
    )
    columns = tuple(map(Column, ("id", "for", "scope", "projects", "made", "expires")))
    return Page(
        title="tokens",
        verdict=f"{format_count(len(rows), 'token')}." if rows else "There is no token.",
        sections=(Section(title="", slug="tokens", table=Table(columns, rows)),),
    )
