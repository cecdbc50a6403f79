"""Whose pages may open streams."""

from collections.abc import Iterator
from http.client import HTTP_PORT, HTTPS_PORT

from queue_core.settings import Settings
from queue_core.web.guards import known_names


def origins(settings: Settings) -> Iterator[str]:
    """Beside pages of the very host and port that is asked: a port for streams alone has none of its own, and is asked
    by those of the other."""
    yield from settings.allowed_origins
    if settings.public_url:
        yield settings.public_url
    if settings.stream_port:
        scheme, usual = ("https", HTTPS_PORT) if settings.tls_files else ("http", HTTP_PORT)
        port = "" if settings.port == usual else f":{settings.port}"
        for name in known_names(settings):
            yield f"{scheme}://{f'[{name}]' if ':' in name else name}{port}"
