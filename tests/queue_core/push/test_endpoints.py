"""Whoever has a ticket names the address: it must not lead into the house."""

import pytest

from queue_core.push.endpoints import ENDPOINT_MOST, NotPublic, Service, public_address, service_of


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x",
        "https://localhost/x",
        "https://intranet/x",
        "https://127.0.0.1/x",
        "https://10.0.0.7/x",
        "https://192.168.1.1:8080/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:10.0.0.7]/x",
        "https://[64:ff9b::a00:7]/x",
        "https://[2002:a00:7::1]/x",
        "https://[fec0::1]/x",
        "https://[::a00:7]/x",
        "https://[ff0e::1]/x",
        "https://push..example.org/x",
        f"https://{64 * 'x'}.example.org/x",
        f"https://{'x.' * 130}org/x",
        "https://*.example.org/x",
        "https://name:word@push.example.org/x",
        "https://push.example.org:99999/x",
        "https://push.example.org:8443/x",
        "https://push.example.org:6379/x",
        "https://push.example.org:0/x",
        "https://8.8.8.8:22/x",
        "https://",
        "ftp://push.example.org/x",
        "https://püsh.example.org/x",
        "https://push.example.org/x\n",
        "https://push.example.org/" + ENDPOINT_MOST * "x",
    ],
    ids=lambda endpoint: endpoint[:40].strip(),
)
def test_nothing_within_a_house_and_nothing_unencrypted_is_asked(endpoint: str) -> None:
    with pytest.raises(NotPublic):
        service_of(endpoint, loopback=False)


def test_services_in_public_are_asked() -> None:
    for origin in ("https://fcm.googleapis.com", "https://fcm.googleapis.com:443"):
        assert service_of(f"{origin}/fcm/send/abc", loopback=False) == Service("fcm.googleapis.com", 443)


def test_this_machine_is_asked_only_where_a_setting_says_so() -> None:
    endpoint = "http://127.0.0.1:9000/push"
    assert service_of(endpoint, loopback=True) == Service("127.0.0.1", 9000, here=True)
    with pytest.raises(NotPublic):
        service_of(endpoint, loopback=False)
    with pytest.raises(NotPublic):
        service_of("http://10.0.0.1:9000/push", loopback=True)


@pytest.mark.parametrize("host", ["localhost", "127.1", "64:ff9b::a00:7", "2002:a00:7::1"])
async def test_a_name_that_leads_into_a_house_is_not_asked(host: str) -> None:
    with pytest.raises(NotPublic):
        await public_address(Service(host, 443))


async def test_a_public_ipv6_address_is_asked() -> None:
    service = service_of("https://[2a00:1450:4001:80e::200a]/x", loopback=False)
    assert await public_address(service) == "2a00:1450:4001:80e::200a"
