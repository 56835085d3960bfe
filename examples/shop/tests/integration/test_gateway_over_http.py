import socket

import pytest
from shop.errors import PaymentDeclinedError, PaymentUnavailableError
from shop.payments import HttpTransport, PaymentClient


@pytest.fixture
def client(gateway_port):
    return PaymentClient(HttpTransport("127.0.0.1", gateway_port))


@pytest.fixture
def silent_port():
    """A gateway that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_charge_reaches_the_gateway(client, gateway):
    assert client.charge(900_001, 4200, "card-ok") == "ref-order-900001"
    assert gateway.charges["order-900001"] == 4200


def test_a_hundred_charges_reach_the_gateway(client, gateway):
    for number in range(910_000, 910_100):
        client.charge(number, 100, "card-ok")

    assert sum(gateway.charges[f"order-{number}"] for number in range(910_000, 910_100)) == 10_000


def test_a_declined_card_is_told_apart_from_a_broken_gateway(client):
    with pytest.raises(PaymentDeclinedError):
        client.charge(900_002, 4200, "card-declined")


def test_a_silent_gateway_is_given_up_after_the_timeout(silent_port):
    client = PaymentClient(HttpTransport("127.0.0.1", silent_port, timeout=0.6), attempts=1)

    with pytest.raises(PaymentUnavailableError):
        client.charge(1, 100, "card-ok")


def test_a_silent_gateway_is_asked_twice(silent_port):
    client = PaymentClient(HttpTransport("127.0.0.1", silent_port, timeout=0.4), attempts=2)

    with pytest.raises(PaymentUnavailableError, match="2 attempts"):
        client.charge(1, 100, "card-ok")


def test_nobody_at_the_other_end_is_no_crash(unused_port):
    with pytest.raises(PaymentUnavailableError):
        PaymentClient(HttpTransport("127.0.0.1", unused_port), attempts=2).charge(1, 100, "card-ok")
