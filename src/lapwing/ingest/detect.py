"""Which reader knows a file, by its content; and what a file is that none knows."""

from typing import Final

from lapwing.ingest.head import Head
from lapwing.ingest.known_readers import readers
from lapwing.ingest.other_files import known_json, known_text
from lapwing.ingest.reader import Reader

_OTHER_XML: Final = {
    "coverage": "a coverage report",
    "report": "a coverage report of JaCoCo or another tool",
    "project": "a project description (Maven's pom.xml or MSBuild)",
    "html": "an HTML page",
    "checkstyle": "a Checkstyle report",
    "svg": "an SVG drawing",
    "rss": "an RSS feed",
    "feed": "an Atom feed",
    "plist": "a property list",
    "BugCollection": "a SpotBugs report",
    "pmd": "a PMD report",
    "valgrindoutput": "a Valgrind log",
    "failsafe-summary": "a Failsafe summary without tests",
}


def detect(head: Head) -> Reader | None:
    """The reader whose format the file that begins so is in, None where no reader knows it."""
    return next((reader for reader in readers() if reader.recognizes(head)), None)


def what_it_is(head: Head) -> str:
    """What a file that no reader knows is, as far as its beginning tells."""
    if not head.data.strip():
        return "empty"
    if head.root:
        if head.text.lstrip()[:14].lower() == "<!doctype html":
            return "an HTML page"
        return (
            _OTHER_XML.get(head.root) or _OTHER_XML.get(head.root.lower()) or f"XML with root <{head.root}>"
        )
    if head.json_keys:
        keys = ", ".join(head.json_keys[:4])
        return known_json(head) or f"JSON with the keys {keys}"
    if text := known_text(head):
        return text
    if b"\0" in head.data:
        return "a binary file"
    return "text of no known format"
