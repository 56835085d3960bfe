"""Names of findings that survive edits elsewhere in the file: for baselines and for alerts of other
systems.
"""

from collections import Counter
from collections.abc import Iterable

from lapwing.lint.digest import digest_of
from lapwing.model.finding import Finding


def with_fingerprints(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, each with its fingerprint: code, file, function, the line's text, and which of equal
    ones it is.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    named = []
    for finding in findings:
        key = (finding.code, finding.file, finding.function, "".join(finding.source.split()))
        text = "\n".join([*key, str(seen[key])])
        seen[key] += 1
        named.append(finding._replace(fingerprint=digest_of(text.encode("utf-8", "surrogatepass"))))
    return tuple(named)
