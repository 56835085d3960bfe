"""Invoices as small PDF files. `python -m shop.invoice_document FILE` reads an order as JSON."""

import json
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shop.money import display
from shop.orders import Order

LINES_PER_PAGE = 40


def facts_of(order: Order) -> dict[str, Any]:
    """What an invoice shows, as JSON can hold it."""
    return {
        "number": order.number,
        "date": order.placed_on.isoformat(),
        "lines": [[line.quantity, line.title, line.unit_price] for line in order.lines],
        "net": order.net,
        "gross": order.gross,
    }


def pages_of(facts: Mapping[str, Any]) -> list[list[str]]:
    """The text of each page."""
    lines = [f"{count:>5} x {title:<50} {display(count * unit):>12}" for count, title, unit in facts["lines"]]
    starts = range(0, max(len(lines), 1), LINES_PER_PAGE)
    pages = [
        [f"Invoice {facts['number']} of {facts['date']}", "", *lines[at : at + LINES_PER_PAGE]]
        for at in starts
    ]
    pages[-1] += [
        "",
        f"Net   {display(facts['net'])}",
        f"Tax   {display(facts['gross'] - facts['net'])}",
        f"Total {display(facts['gross'])}",
    ]
    return pages


def document(pages: Sequence[Sequence[str]]) -> bytes:
    """The file, one object for each page and one for its compressed text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for lines in pages:
        text = "\n".join(f"({_escaped(line)}) '" for line in lines)
        packed = zlib.compress(f"BT /F1 9 Tf 40 800 Td 12 TL\n{text}\nET".encode("latin-1", "replace"), 9)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
        objects.append(b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, made) for at, made in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer << /Size %d /Root 1 0 R >>\n%%%%EOF\n" % (len(objects) + 1)


def write_invoice(facts: Mapping[str, Any], target: Path) -> None:
    """Write the invoice to `target`."""
    target.write_bytes(document(pages_of(facts)))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def main() -> None:
    """Write the order that comes in as JSON."""
    write_invoice(json.load(sys.stdin), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
