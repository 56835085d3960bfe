"""Sites that reach, or may reach, a host outside this machine: what the rules on HTTP and sockets report."""

from collections.abc import Iterator

from lapwing.lint.calls import Kind
from lapwing.lint.hosts import Reach
from lapwing.lint.view import Seen, View, of_site
from lapwing.model.finding import Confidence


def far_sites(view: View, kind: Kind, name: str) -> Iterator[Seen]:
    """Each site of `kind`, seen under `name`; it fails the hook where the code names a host outside."""
    for site in view.sites:
        if site.operation.kind is not kind:
            continue
        if site.reach is Reach.OUTSIDE:
            target = site.target.replace("\0", "…")[:80]
            yield of_site(site, name, Confidence.HIGH, True, f"{site.call} reaches {target}")
        else:
            message = f"{site.call} reaches a host that the code does not tell"
            yield of_site(site, name, Confidence.LOW, view.options.strict, message)
