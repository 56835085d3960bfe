"""HTTP with patience, and with care whom it tells what."""

import pytest

from lapwing.errors import ConfigurationError, RemoteError
from lapwing.outbound.http import Http

NOW = 1_000_000.0


@pytest.fixture
def slept():
    return []


@pytest.fixture
def http(remote, slept):
    return Http(
        remote.url, {"Authorization": "Bearer secret"}, sleep=slept.append, now=lambda: NOW, read_s=0.3
    )


def test_an_answer_has_status_and_document(http, remote):
    remote.planned = [(200, {}, {"a": 1})]

    answer = http.ask("GET", "/x")

    assert (answer.status, answer.body) == (200, {"a": 1})


SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry-After": "7"}, 7.0),
        (403, {"Retry-After": "3"}, 3.0),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 20)}, 20.0),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) - 20)}, 1.0),
        (429, {}, 10.0),
    ],
)
def test_a_limit_of_the_rate_is_waited_for_as_told(http, remote, slept, status, headers, pause):
    remote.planned = [(status, headers, {}), (201, {}, {})]

    assert http.ask("POST", "/x", {}).status == 201

    assert slept == [pause]


def test_a_limit_that_names_no_time_is_waited_for_a_minute(http, remote, slept):
    remote.planned = [(403, {}, SECONDARY), (201, {}, {})]

    assert http.ask("POST", "/x", {}).status == 201

    assert slept == [60.0]


def test_a_wait_longer_than_the_job_is_worth_is_not_begun(http, remote, slept):
    remote.planned = [(429, {"Retry-After": "3600"}, {})]

    assert http.ask("GET", "/x").status == 429

    assert slept == []


def test_a_server_in_trouble_is_asked_again_with_growing_pauses(http, remote, slept):
    remote.planned = [(502, {}, b"<html>"), (503, {}, b""), (200, {}, {})]

    assert http.ask("GET", "/x").status == 200

    assert slept == [1.0, 2.0]


def test_it_gives_up_after_four(http, remote, slept):
    remote.planned = [(500, {}, {})] * 9

    assert http.ask("PATCH", "/x", {}).status == 500

    assert len(remote.asked) == 4


def test_what_may_have_been_created_is_not_created_twice(http, remote, slept):
    remote.planned = [(502, {}, {})]

    assert http.ask("POST", "/x", {}).status == 502

    assert len(remote.asked) == 1


def test_a_plain_403_is_an_answer(http, remote, slept):
    remote.planned = [(403, {"X-RateLimit-Remaining": "4999"}, {})]

    assert http.ask("POST", "/x", {}).status == 403

    assert slept == []


def test_a_slow_answer_ends_in_an_error_without_a_second_post(http, remote):
    remote.hold.clear()

    with pytest.raises(RemoteError, match="does not answer: ReadTimeoutError"):
        http.ask("POST", "/x", {})

    assert len(remote.asked) == 1


def test_an_answer_that_comes_in_drops_is_not_waited_for_without_end(http, remote):
    remote.drop_s = 0.02
    remote.planned = [(200, {}, b"[" + b" " * 10_000 + b"]")]

    with pytest.raises(RemoteError, match=r"answers for longer than 0\.6 s"):
        http.ask("GET", "/x")


def test_a_server_that_is_not_there_is_an_error_after_waiting(slept):
    http = Http("http://127.0.0.1:1", {}, sleep=slept.append)

    with pytest.raises(RemoteError, match="NewConnectionError") as caught:
        http.ask("POST", "/x", {})

    assert caught.value.where == "http://127.0.0.1:1/x"

    assert slept == [1.0, 2.0, 4.0]


def test_a_redirect_on_the_same_server_is_followed_with_the_same_request(http, remote):
    remote.planned = [(307, {"Location": "/y"}, {}), (201, {}, {"done": 1})]

    assert http.ask("POST", "/x", {"a": 1}).body == {"done": 1}

    assert remote.asked == [("POST", "/x"), ("POST", "/y")]


def test_the_token_follows_no_redirect_to_another_server(http, remote):
    remote.planned = [(302, {"Location": "http://127.0.0.1:9/y"}, {})]

    with pytest.raises(RemoteError, match="another server"):
        http.ask("GET", "/x")


def test_an_endless_redirect_ends(http, remote):
    remote.planned = [(302, {"Location": "/x"}, {})] * 9

    with pytest.raises(RemoteError, match="too often"):
        http.ask("GET", "/x")


@pytest.mark.parametrize("body", [b"<html>", b"", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_no_document(http, remote, body):
    remote.planned = [(200, {}, body)]

    assert http.ask("GET", "/x").body is None


def test_an_answer_of_any_size_is_not_taken_in(http, remote):
    remote.planned = [(200, {}, b"x" * 10_000_001)]

    with pytest.raises(RemoteError, match="more than"):
        http.ask("GET", "/x")


@pytest.mark.parametrize("url", ["http://example.test", "ftp://127.0.0.1", "", "file:///etc/passwd"])
def test_a_token_is_sent_over_https_only(url):
    with pytest.raises(ConfigurationError):
        Http(url, {})


def test_no_error_tells_the_token(http, remote):
    remote.hold.clear()

    with pytest.raises(RemoteError) as caught:
        http.ask("POST", "/x?private=1", {})

    assert "secret" not in str(caught.value)
    assert "private" not in str(caught.value)
