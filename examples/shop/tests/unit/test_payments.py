import pytest
from shop.errors import PaymentDeclinedError, PaymentUnavailableError
from shop.fake_gateway import FakeGateway
from shop.payments import Answer, PaymentClient


class BrokenLine:
    """A transport that breaks so many times before it gets through."""

    def __init__(self, breaks):
        self.breaks = breaks
        self.bodies = []

    def post(self, path, body):
        self.bodies.append(body)
        if len(self.bodies) <= self.breaks:
            raise ConnectionResetError
        return Answer(201, {"reference": "late"})


@pytest.fixture
def gateway():
    return FakeGateway()


def test_a_charge_gives_a_reference(gateway):
    assert PaymentClient(gateway).charge(7, 1999, "card-ok") == "ref-order-7"
    assert gateway.charges == {"order-7": 1999}


@pytest.mark.parametrize("refusals", [1, 2, 3])
def test_a_busy_gateway_is_asked_again(gateway, refusals):
    reference = PaymentClient(gateway).charge(7, 1999, f"card-busy-{refusals}")

    assert reference == "ref-order-7"
    assert gateway.requests["order-7"] == refusals + 1


def test_a_gateway_that_stays_busy_is_given_up(gateway):
    with pytest.raises(PaymentUnavailableError, match="no answer in 4 attempts"):
        PaymentClient(gateway).charge(7, 1999, "card-busy-9")

    assert gateway.charges == {}


def test_a_declined_card_is_not_tried_again(gateway):
    with pytest.raises(PaymentDeclinedError, match="declined by the bank"):
        PaymentClient(gateway).charge(7, 1999, "card-declined")

    assert gateway.requests["order-7"] == 1


def test_a_broken_line_is_tried_again():
    assert PaymentClient(BrokenLine(2)).charge(7, 1999, "card-ok") == "late"


def test_all_attempts_carry_the_same_key():
    line = BrokenLine(3)

    PaymentClient(line).charge(7, 1999, "card-ok")

    assert [body["key"] for body in line.bodies] == ["order-7"] * 4


def test_the_number_of_attempts_can_be_chosen(gateway):
    with pytest.raises(PaymentUnavailableError, match="no answer in 1 attempts"):
        PaymentClient(gateway, attempts=1).charge(7, 1999, "card-busy-1")


def test_an_order_is_charged_once_however_often_it_is_asked(gateway):
    client = PaymentClient(gateway)

    client.charge(7, 1999, "card-busy-2")
    client.charge(7, 1999, "card-busy-2")

    assert gateway.charges == {"order-7": 1999}
