import threading
import time

import pytest


@pytest.mark.e2e
@pytest.mark.slow
def test_a_day_in_the_shop(shop_port, visitor, new_email, sent_mail, gateway):
    categories = visitor.ask("GET", "/products")[1]["categories"]
    for category in categories:
        for page in range(1, 7):
            shown = visitor.ask("GET", f"/products?category={category}&page={page}")[1]["products"]
            for product in shown[:5]:
                assert visitor.ask("GET", f"/products/{product['sku']}")[1]["price"] == product["price"]

    for word in ("teapot", "oak bench", "wide copper lamp", "notebook for the study"):
        assert visitor.ask("GET", f"/search?q={word.replace(' ', '+')}")[1]["hits"]

    emails = [new_email() for _ in range(4)]
    gross = {}
    for number, email in enumerate(emails):
        visitor.log_in(email)
        for sku in range(number, 60, 6):
            visitor.ask("POST", "/cart", {"sku": f"P{sku:05}", "quantity": 2})
        visitor.ask("DELETE", f"/cart/P{number:05}")
        total = visitor.ask("GET", "/cart?country=FR")[1]["total"]
        order = visitor.ask("POST", "/orders", {"card": f"card-busy-{number % 3}", "country": "FR"})[1]
        assert (order["status"], order["gross"]) == ("paid", total)
        assert gateway.charges[f"order-{order['number']}"] == total
        assert visitor.ask("GET", f"/orders/{order['number']}/invoice")[1].startswith(b"%PDF")
        gross[email] = order

    while len([mail for mail in sent_mail if mail.to in emails]) < 4:
        time.sleep(0.05)
    for email, order in gross.items():
        (mail,) = [mail for mail in sent_mail if mail.to == email]
        assert mail.subject == f"Your order {order['number']}"

    assert any(thread.name == "mail" for thread in threading.enumerate())
