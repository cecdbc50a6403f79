"""deploy/Caddyfile, run by Caddy before a server of ours."""

import http.client
import shutil
from collections.abc import Iterator

import pytest

from tests.deploy.checks import Proxy
from tests.deploy.proxy import Proxied, running, self_signed, written
from tests.support.crew import started
from tests.support.office_process import free_port, office_process

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("caddy") is None, reason="no Caddy here (Debian: apt-get install caddy)"),
]

OWN = "/a/hall.K7M29QXT.x"
OPTIONS = "\n{\n\tadmin off\n\tauto_https disable_redirects\n\tgrace_period 1s\n"


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder, port = tmp_path_factory.mktemp("caddy"), free_port()
    certificate = self_signed(folder)
    with office_process(
        public_url=f"https://localhost:{port}", trusted_proxies="127.0.0.1/32", stream_clients_per_ip_most="1"
    ) as office:
        proxied = Proxied(office, port, certificate)
        changes = {
            "\n{\n": OPTIONS,
            "\nwartezone.example.de {": f"\nhttps://localhost:{port} {{",
            "# tls /etc/ssl/wartezone/fullchain.pem /etc/ssl/wartezone/key.pem": (
                f"tls {certificate.path} {certificate.key}"
            ),
            "reverse_proxy 127.0.0.1:8080": f"reverse_proxy 127.0.0.1:{office.port}",
        }
        file = written("Caddyfile", folder / "Caddyfile", changes)
        started(office)
        with running(["caddy", "run", "--config", file, "--adapter", "caddyfile"], proxied):
            yield proxied


class TestCaddy(Proxy):
    pass


def test_addresses_that_lead_to_somebodys_own_pages_are_in_no_log_of_faults(proxied: Proxied) -> None:
    """The last one: the server does not come back."""
    proxied.office.kill_group()
    with proxied.client() as client:
        assert client.get(OWN).status_code == http.client.BAD_GATEWAY
    assert OWN not in proxied.certificate.path.with_name("proxy.log").read_text()
