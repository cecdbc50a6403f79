"""Where a request comes from: only listed proxies are believed."""

from ipaddress import ip_network

import pytest

from queue_core.settings import Settings
from queue_core.web.address import address_behind

SETTINGS = Settings(trusted_proxies=(ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "nonsense"),
    ],
)
def test_the_last_address_that_is_no_proxy_counts(peer: str, forwarded: str, address: str) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert address_behind(headers, peer, SETTINGS) == address
