"""What test authors write for an endpoint, read or refused."""

import pytest

from lapwing import load_test_endpoint
from lapwing.errors import ConfigurationError
from lapwing.perftest.load_plan import Shape, read_endpoint, read_workers

BASE = "http://127.0.0.1:8000"


def test_a_path_is_enough_with_a_base_url():
    endpoint = read_endpoint({"path": "/api/x"}, base_url=BASE)

    assert (endpoint.method, endpoint.url, endpoint.headers, endpoint.body) == (
        "GET",
        "http://127.0.0.1:8000/api/x",
        {},
        None,
    )


def test_the_base_url_of_the_endpoint_wins():
    endpoint = read_endpoint({"path": "/", "base_url": "http://localhost:1/"}, base_url=BASE)

    assert endpoint.url == "http://localhost:1/"


def test_a_path_may_be_a_whole_address():
    endpoint = read_endpoint({"path": "https://localhost:9/a?q=1"})

    assert (endpoint.base_url, endpoint.path) == ("https://localhost:9", "/a?q=1")


def test_headers_may_be_pairs_and_repeated_ones_are_joined():
    written = [("X-One", "1"), ("Cookie", "a=1"), ("x-one", "2"), ("Cookie", "b=2")]

    endpoint = read_endpoint({"headers": written}, base_url=BASE)

    assert endpoint.headers == {"X-One": "1, 2", "Cookie": "a=1; b=2"}


def test_a_body_that_is_no_text_is_sent_as_json():
    endpoint = read_endpoint({"method": "post", "body": {"amount": 3}}, base_url=BASE)

    assert (endpoint.method, endpoint.body) == ("POST", '{"amount": 3}')
    assert endpoint.headers == {"Content-Type": "application/json"}


def test_a_content_type_that_is_given_is_kept():
    endpoint = read_endpoint({"body": [1], "headers": {"content-type": "text/x"}}, base_url=BASE)

    assert endpoint.headers == {"content-type": "text/x"}


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ({"path": "/"}, "no base_url"),
        ({"base_url": BASE, "url": "/"}, "unknown key 'url'"),
        ({"base_url": "ftp://localhost"}, "is not an http address"),
        ({"base_url": BASE, "method": "GET /evil"}, "is not a method"),
        ({"base_url": BASE, "path": "api"}, "does not start with /"),
        ({"base_url": BASE, "path": "/ HTTP/1.1\r\nHost: other"}, "does not start with / or holds blanks"),
        ({"base_url": BASE, "headers": {"A": "1\r\nB: 2"}}, "header 'A' is not one"),
        ({"base_url": BASE, "headers": 3}, "neither a dict nor pairs"),
    ],
)
def test_what_is_no_endpoint_is_refused_with_the_reason(written, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        read_endpoint(written)


@pytest.mark.parametrize("name", ["-oProxyCommand=x", "host;reboot", "a b", "$(id)"])
def test_names_of_machines_cannot_become_options_or_commands(name):
    with pytest.raises(ConfigurationError, match="is not the name of a machine"):
        read_workers([name], where="workers")


def test_an_open_model_has_users_for_answers_that_take_two_seconds():
    assert Shape(is_open=True, lasts_s=1, ramp_s=0).users_at(100) == 200


def test_an_endpoint_is_a_dict():
    with pytest.raises(ConfigurationError, match="is not a dict"):
        load_test_endpoint("http://127.0.0.1:9/")
