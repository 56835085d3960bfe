"""subunit version 2: a stream of binary packets. A test's time is that between its start and its end."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.subunit_packets import SIGNATURE, UNEXPECTED_SUCCESS, Broken, Packet, packets
from lapwing.ingest.timing import Timing, timing
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_LISTED: Final = 1
_BEGUN: Final = (0, 2)  # an attachment may be all that comes before the end
_UNEXPECTED: Final = 4
_ENDS: Final = {
    3: Outcome.PASSED,
    _UNEXPECTED: Outcome.PASSED,
    5: Outcome.SKIPPED,
    6: Outcome.FAILED,
    7: Outcome.XFAILED,
}
_MOST_REPORTED: Final = 5  # damaged packets that are told one by one


class SubunitV2Reader:
    """Tests come out when they end; those that were only listed or begun at the end of the stream."""

    name = "subunit v2"

    def recognizes(self, head: Head) -> bool:
        """By the signature and version of the first packet."""
        return head.data[:1] == bytes([SIGNATURE]) and len(head.data) > 1 and head.data[1] >> 4 == 2

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test."""
        yield ReportFacts(tool="subunit")
        begun: dict[str, Packet] = {}
        listed: dict[str, None] = {}
        broken = 0
        for packet in packets(stream):
            if isinstance(packet, Broken):
                broken += 1
                if broken <= _MOST_REPORTED:
                    yield Problem("a packet is cut or damaged", packet.at, loses_tests=True)
                continue
            if not packet.test:
                continue
            if packet.status == _LISTED:
                listed[packet.test] = None
            elif packet.status in _BEGUN:
                begun.setdefault(packet.test, packet)
            elif packet.status in _ENDS:
                listed.pop(packet.test, None)
                yield _test(begun.pop(packet.test, None), packet, _ENDS[packet.status])
        for packet in begun.values():
            listed.pop(packet.test, None)
            test = _test(packet, None, Outcome.UNKNOWN)
            yield test._replace(warnings=("it began, and its end is not in the report",))
        for name in listed:
            yield ReadTest(name=name, status=Outcome.NOTRUN)
        if broken > _MOST_REPORTED:
            yield Problem(f"{broken} packets are cut or damaged", loses_tests=True)


def _test(start: Packet | None, end: Packet | None, status: Outcome) -> ReadTest:
    known = end or start
    told = Timing()
    if start is not None and end is not None and start.time_ns is not None and end.time_ns is not None:
        told = timing(end.time_ns - start.time_ns, 1, status)
    warnings = told.warnings
    if end is not None and end.status == _UNEXPECTED:
        warnings += (UNEXPECTED_SUCCESS,)
    return ReadTest(
        name=known.test if known else "",
        status=status,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        start_ns=start.time_ns if start else None,
        resolution_ns=1000,
        tags=known.tags if known else (),
        warnings=warnings,
    )
