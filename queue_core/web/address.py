"""Where a request comes from: the peer, or what a trusted proxy says about it."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network

from starlette.requests import HTTPConnection

from queue_core.settings import Settings
from queue_core.web.device import is_local, is_loopback

_FORWARDED = "x-forwarded-for"
UNKNOWN = "unknown"
_IPV6_PREFIX = 64
_ADDRESSES_REMEMBERED = 4096


def client_address(connection: HTTPConnection, settings: Settings) -> str:
    peer = connection.client.host if connection.client else UNKNOWN
    told = connection.headers.getlist(_FORWARDED) if settings.trusted_proxies else ()
    return address_behind({_FORWARDED: ", ".join(told)}, peer, settings)


def address_behind(headers: Mapping[str, str], peer: str, settings: Settings) -> str:
    """The last address of X-Forwarded-For that is no trusted proxy's own; where there is none, the peer.

    A proxy on this machine that tells nothing is nobody: what it passes on came from anywhere, not from this machine.
    """
    told = headers.get(_FORWARDED)
    forwarded = [a.strip() for a in told.split(",") if a.strip()] if told else ()
    for address in map(_plain, [peer, *reversed(forwarded)]):
        if not _is_proxy(address, settings):
            return _holder(address)
    return UNKNOWN if is_loopback(peer) else _plain(peer)


def is_this_machine(connection: HTTPConnection, settings: Settings) -> bool:
    """Asked from this very machine and not through a proxy on it."""
    return is_local(connection.headers, client_address(connection, settings))


@lru_cache(_ADDRESSES_REMEMBERED)
def _plain(address: str) -> str:
    """An IPv4 address as such, also where a socket of both kinds wraps it: `::ffff:192.0.2.1`."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@lru_cache(_ADDRESSES_REMEMBERED)
def _holder(address: str) -> str:
    """Whoever has an IPv6 address has its whole /64, and would count as anybody else with each."""
    if ":" not in address or is_loopback(address):
        return address
    try:
        return str(ip_network((address.partition("%")[0], _IPV6_PREFIX), strict=False))
    except ValueError:
        return address


def _is_proxy(address: str, settings: Settings) -> bool:
    if not settings.trusted_proxies:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.trusted_proxies)
