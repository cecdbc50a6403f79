"""Which addresses are asked to deliver: push services in public, and nothing within the house.

Browsers name the address of their service, and whoever has a ticket can say anything: the server must not become a way
into its own network.
"""

import asyncio
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

ENDPOINT_MOST = 1024
_HTTPS_PORT = 443
#: A name that can be looked up; of one alone only a house knows where it is.
_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+\.?")
#: All else of IPv6 is within houses, or stands for an IPv4 address (RFC 6052).
_PUBLIC_IPV6 = IPv6Network("2000::/3")


class NotPublic(Exception):
    """This address is not asked."""


@dataclass(frozen=True, slots=True)
class Service:
    """`here`: on this very machine, for tests."""

    host: str
    port: int
    here: bool = False


def service_of(endpoint: str, *, loopback: bool) -> Service:
    """Whom the address names, without asking anybody. Raises `NotPublic`."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", _HTTPS_PORT if parts.port is None else parts.port
    except ValueError as e:
        raise NotPublic("is no address") from e
    if len(endpoint) > ENDPOINT_MOST or not endpoint.isascii() or not endpoint.isprintable() or parts.username:
        raise NotPublic("is no address of a push service")
    address = _address(host)
    if loopback and address and address.is_loopback:
        return Service(host, port, here=True)
    if parts.scheme != "https" or not (_is_public(address) if address else _NAME.fullmatch(host)):
        raise NotPublic("must be https, and lie in public")
    if port != _HTTPS_PORT:
        raise NotPublic("must answer where https does: no push service lies at another port")
    return Service(host, port)


async def public_address(service: Service) -> str:
    """The one to connect to: the name is looked up once, so that it cannot mean another machine a moment later.
    Raises `NotPublic` when any of its addresses lies within a house, `OSError` when it has none."""
    if service.here:
        return service.host
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(service.host, service.port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(where[0])) for *_, where in found]
    if not all(_is_public(address) for address in addresses):
        raise NotPublic("leads into a house")
    return str(addresses[0])


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """An IPv6 address that wraps an IPv4 one (RFC 3056) is none of its own."""
    if isinstance(address, IPv6Address) and (address not in _PUBLIC_IPV6 or address.sixtofour):
        return False
    return address.is_global and not address.is_multicast


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
