"""What a request must pass before anybody reads it: the host it names, its size."""

import socket
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Message, Receive

from queue_core.settings import Settings
from queue_core.web.headers import HOST
from queue_core.web.problems import Problem, too_large

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_LENGTH_DIGITS_MOST = 19
_HOSTS_REMEMBERED = 256
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})


class Hosts:
    """The names that this server is asked for by. An IP address cannot be rebound: it is accepted where the server
    listens on all of them."""

    def __init__(self, settings: Settings) -> None:
        self._names = known_names(settings)
        self._any_address = settings.host in _ANY_ADDRESS
        self.know = lru_cache(_HOSTS_REMEMBERED)(self._know)

    def require(self, host: str) -> None:
        """Raises `Problem` 400: another name that leads here is a rebinding attack or a mistake."""
        if not self.know(host):
            raise Problem(400, "unknown_host", "This server is not known by that name.")

    def _know(self, host: str) -> bool:
        if not HOST.fullmatch(host):
            return False
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or (self._any_address and _is_address(name))


def known_names(settings: Settings) -> frozenset[str]:
    urls = [url for url in (settings.public_url, *settings.allowed_origins) if url]
    named = {urlsplit(url).hostname or "" for url in urls}
    here = {socket.gethostname().lower(), socket.getfqdn().lower()} if not settings.loopback else set()
    return frozenset(named | here | {settings.host.lower()} | _LOOPBACK_NAMES)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def require_plain_form(media_type: bytes) -> None:
    """Raises `Problem` 415 for a form that names how its letters are written: no browser does, and some of those ways
    write what is no text."""
    if media_type.lstrip().lower().startswith(b"multipart/") and b"charset" in media_type.lower():
        raise Problem(415, "unsupported_media_type", "Send forms in UTF-8, without a charset.")


class BodyLimit:
    """A body that is too large is refused, announced or not, before it is held in memory."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes

    def require(self, announced: bytes) -> None:
        """`announced`: the Content-Length. Raises `Problem` 413."""
        if len(announced) > _LENGTH_DIGITS_MOST or not announced.isdigit() or int(announced) > self._most_bytes:
            raise too_large(self._most_bytes)

    def counted(self, receive: Receive) -> Receive:
        """For a body whose length nobody has announced: reading it raises `Problem` 413."""
        read_bytes = 0

        async def receiving() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > self._most_bytes:
                raise too_large(self._most_bytes)
            return message

        return receiving
