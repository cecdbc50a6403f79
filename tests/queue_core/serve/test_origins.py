"""Whose pages may open streams: listed ones, and with a port for streams alone those of the other port."""

from queue_core.serve.origins import origins
from queue_core.settings import Settings, load_settings


def test_listed_pages_and_the_public_address_may() -> None:
    settings = load_settings(public_url="https://wartezone.example", allowed_origins="https://intranet.example")
    assert set(origins(settings)) == {"https://wartezone.example", "https://intranet.example"}


def test_pages_of_the_other_port_may_by_every_name_of_ours() -> None:
    found = set(origins(Settings(port=8080, stream_port=8090)))
    assert {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"} <= found


def test_a_usual_port_is_not_named_by_a_browser() -> None:
    assert "http://localhost" in set(origins(Settings(port=80, stream_port=8090)))
    tls = load_settings(port=443, stream_port=8090, tls_cert="c", tls_key="k")
    assert "https://localhost" in set(origins(tls))
