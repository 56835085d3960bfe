"""What may be loaded without a word from its owner."""

import pytest

from lapwing.errors import ConfigurationError
from lapwing.perftest.load_target import check_target


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://127.8.9.1", "http://localhost:9", "http://[::1]"]
)
def test_this_machine_always_may_be(url):
    check_target(url)


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8/", "http://[2001:4860:4860::8888]", "http://[::ffff:8.8.8.8]"]
)
def test_a_public_address_is_refused_even_where_it_is_named(url):
    with pytest.raises(ConfigurationError, match="--i-own-this-target"):
        check_target(url, hosts=["*"])


def test_a_public_address_may_be_by_its_owner():
    check_target("http://8.8.8.8/", is_owned=True)


@pytest.mark.parametrize("url", ["http://10.1.2.3/", "http://no-such-host.invalid/"])
def test_other_machines_are_refused_unless_named(url):
    with pytest.raises(ConfigurationError, match="not one of your test hosts"):
        check_target(url)


@pytest.mark.parametrize("url", ["http://10.1.2.3/", "http://shop.test.invalid/"])
def test_private_test_hosts_may_be_where_they_are_named(url):
    check_target(url, hosts=["10.1.*", "*.TEST.invalid"])
