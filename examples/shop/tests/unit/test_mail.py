import time

import pytest
from shop.mail import Mail, MailQueue, order_mail

LETTER = Mail("ada@example.org", "Hello", "How are you?")


class Postbox:
    """Keeps letters; refuses the first so many."""

    def __init__(self):
        self.letters = []
        self.refusals = 0

    def deliver(self, mail):
        if self.refusals:
            self.refusals -= 1
            raise ConnectionRefusedError
        self.letters.append(mail)


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def queue(postbox):
    queue = MailQueue(postbox.deliver)
    queue.start()
    yield queue
    queue.stop()


def wait_for(condition):
    while not condition():
        time.sleep(0.05)


def test_a_letter_is_delivered_in_the_background(queue, postbox):
    queue.put(LETTER)

    wait_for(lambda: postbox.letters)

    assert postbox.letters == [LETTER]


def test_letters_keep_their_order(queue, postbox):
    letters = [LETTER._replace(subject=f"Letter {number}") for number in range(50)]

    for letter in letters:
        queue.put(letter)
    wait_for(lambda: len(postbox.letters) == 50)

    assert postbox.letters == letters


def test_a_refused_letter_is_sent_again(queue, postbox):
    postbox.refusals = 1

    queue.put(LETTER)
    wait_for(lambda: postbox.letters)

    assert queue.lost == []


def test_a_letter_refused_twice_is_lost_and_known_to_be(queue, postbox):
    postbox.refusals = 2

    queue.put(LETTER)
    wait_for(lambda: queue.lost)

    assert queue.lost == [LETTER]
    assert postbox.letters == []


def test_a_lost_letter_does_not_keep_the_next_from_going_out(queue, postbox):
    postbox.refusals = 2
    queue.put(LETTER)
    wait_for(lambda: queue.lost)

    queue.put(LETTER._replace(subject="Second"))
    wait_for(lambda: postbox.letters)

    assert [letter.subject for letter in postbox.letters] == ["Second"]


def test_an_empty_queue_stays_empty(queue):
    assert len(queue) == 0


def test_the_confirmation_names_order_and_total():
    mail = order_mail("ada@example.org", 12, "€9.90")

    assert mail.subject == "Your order 12"
    assert "€9.90" in mail.text
