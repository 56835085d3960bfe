import json
import os
import re
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path

import pytest
import shop
from shop.invoice_document import facts_of, pages_of
from shop.orders import Order, OrderLine

SOURCE = Path(shop.__file__).parents[1]


def order_with(*lines):
    return Order(12, 1, date(2024, 5, 17), "paid", "DE", lines)


@pytest.fixture
def render(tmp_path):
    """Runs the renderer as the night job does and gives the file it wrote."""

    def run(order):
        target = tmp_path / "invoice.pdf"
        subprocess.run(
            [sys.executable, "-c", "from shop.invoice_document import main; main()", str(target)],
            input=json.dumps(facts_of(order)),
            text=True,
            check=True,
            timeout=60,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        return target.read_bytes()

    return run


def texts(pdf):
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [zlib.decompress(stream).decode("latin-1") for stream in streams]


def test_the_file_begins_and_ends_like_a_pdf(render):
    pdf = render(order_with(OrderLine("T1", "Teapot", 1, 1990)))

    assert pdf.startswith(b"%PDF-1.4\n")
    assert pdf.endswith(b"%%EOF\n")


def test_the_invoice_names_number_and_date(render):
    (text,) = texts(render(order_with(OrderLine("T1", "Teapot", 1, 1990))))

    assert "Invoice 12 of 2024-05-17" in text


def test_every_line_is_on_the_invoice(render):
    (text,) = texts(render(order_with(OrderLine("T1", "Teapot", 3, 1990), OrderLine("C1", "Cup", 12, 450))))

    assert "3 x Teapot" in text
    assert "12 x Cup" in text


@pytest.mark.parametrize(("lines", "pages"), [(40, 1), (41, 2), (200, 5)])
def test_forty_lines_fit_on_a_page(render, lines, pages):
    pdf = render(order_with(*[OrderLine("T1", "Teapot", 1, 1990)] * lines))

    assert f"/Count {pages} ".encode() in pdf
    assert len(texts(pdf)) == pages


def test_only_the_last_page_has_the_total(render):
    first, last = texts(render(order_with(*[OrderLine("T1", "Teapot", 1, 1000)] * 60)))

    assert "Total" not in first
    assert "Total" in last


def test_brackets_in_a_title_do_not_end_the_text(render):
    (text,) = texts(render(order_with(OrderLine("T1", "Teapot (glass) \\ round", 1, 1990))))

    assert r"Teapot \(glass\) \\ round" in text


def test_the_same_order_gives_the_same_bytes(render):
    order = order_with(OrderLine("T1", "Teapot", 1, 1990))

    assert render(order) == render(order)


def test_net_and_tax_add_up_to_the_total():
    (page,) = pages_of(facts_of(order_with(OrderLine("T1", "Teapot", 2, 1000))))

    assert page[-3:] == ["Net   €20.00", "Tax   €3.80", "Total €23.80"]
