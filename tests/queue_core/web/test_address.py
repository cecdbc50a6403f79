"""Where a request comes from: only listed proxies are believed."""

from ipaddress import ip_network

import pytest
from starlette.requests import HTTPConnection

from queue_core.settings import Settings
from queue_core.web.address import UNKNOWN, address_behind, client_address

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
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:DB8::1", "", "2001:db8::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("::1", "", "::1"),
        ("10.0.0.1", "no:address", "no:address"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "", UNKNOWN),
    ],
)
def test_the_last_address_that_is_no_proxy_counts(peer: str, forwarded: str, address: str) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert address_behind(headers, peer, SETTINGS) == address


def test_a_forged_line_before_that_of_the_proxy_does_not_count() -> None:
    """Some proxies add a line of their own instead of lengthening the one that came."""
    lines = [(b"x-forwarded-for", b"198.51.100.7"), (b"x-forwarded-for", b"203.0.113.9")]
    request = HTTPConnection({"type": "http", "client": ("10.0.0.1", 1), "headers": lines})
    assert client_address(request, SETTINGS) == "203.0.113.9"
