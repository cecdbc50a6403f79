"""deploy/nginx.conf, run by nginx before a server of ours."""

import http.client
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.checks import Proxy
from tests.deploy.proxy import Proxied, running, self_signed, written
from tests.support.crew import started
from tests.support.eventually import eventually_sync
from tests.support.office_process import LOOPBACK, free_port, office_process

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="no nginx here (Debian: apt-get install nginx-light)"),
]

OWN = "/a/hall.K7M29QXT.x"
WAITS = "/feed/v1/waits.json"
MAIN = """
{user} daemon off; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 512; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/wartezone.conf;
}}
"""


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    certificate = self_signed(folder)
    with office_process(
        public_url=f"https://localhost:{port}", trusted_proxies="127.0.0.1/32", stream_clients_per_ip_most="1"
    ) as office:
        proxied = Proxied(office, port, certificate)
        _configure(folder, proxied)
        started(office)
        with running([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")], proxied):
            yield proxied


def _configure(folder: Path, proxied: Proxied) -> None:
    changes = {
        "server 127.0.0.1:8080": f"server 127.0.0.1:{proxied.office.port}",
        "listen 80;": f"listen {LOOPBACK}:{free_port()};",
        "listen 443 ssl http2;": f"listen {LOOPBACK}:{proxied.port} ssl http2;",
        "server_name wartezone.example.de;": "server_name localhost;",
        "/etc/ssl/wartezone/fullchain.pem": str(proxied.certificate.path),
        "/etc/ssl/wartezone/key.pem": str(proxied.certificate.key),
        "/var/cache/nginx/wartezone": str(folder / "cache"),
        "/var/log/nginx/wartezone.log": str(folder / "error.log"),
    }
    written("nginx.conf", folder / "wartezone.conf", changes)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=_user()))


def _user() -> str:
    """A root's nginx would give its workers to somebody who may not enter the test's folder."""
    return "user root;" if os.geteuid() == 0 else ""


class TestNginx(Proxy):
    pass


def test_the_feed_is_served_from_the_cache_also_to_who_is_logged_in_and_asks_for_what_changed(
    proxied: Proxied,
) -> None:
    with proxied.client() as client:
        client.get(WAITS)
        again = eventually_sync(lambda: _hit(client.get(WAITS, headers={"Cookie": "a=b"})))
        tag = again.headers["ETag"]
        unchanged = eventually_sync(lambda: _hit(client.get(WAITS, headers={"If-None-Match": tag})))
        assert unchanged.status_code in {http.client.NOT_MODIFIED, http.client.OK}
        assert (unchanged.status_code == http.client.NOT_MODIFIED) == (unchanged.headers["ETag"] == tag)
        assert unchanged.headers["Access-Control-Allow-Origin"] == "*"


def test_addresses_that_lead_to_somebodys_own_pages_are_in_no_log(proxied: Proxied) -> None:
    with proxied.client() as client:
        client.get(OWN)
    assert OWN not in _logged(proxied)
    assert (proxied.certificate.path.parent / "access.log").read_text() == ""


def _logged(proxied: Proxied) -> str:
    folder = proxied.certificate.path.parent
    return "".join((folder / name).read_text() for name in ("access.log", "error.log", "proxy.log"))


def _hit(answer: httpx.Response) -> httpx.Response:
    assert answer.headers["X-Cache"] in {"HIT", "STALE", "UPDATING"}
    return answer


def test_the_feed_is_still_shown_while_the_server_is_away_as_long_as_it_is_valid(proxied: Proxied) -> None:
    """The last one: the server does not come back."""
    with proxied.client() as client:
        shown = client.get(WAITS)
        proxied.office.kill_group()
        stale = eventually_sync(lambda: _stale(client.get(WAITS)), 20)
        assert stale.status_code == http.client.OK
        assert stale.json()["valid_until"] >= shown.json()["valid_until"]
        assert client.get(OWN).status_code == http.client.BAD_GATEWAY
    assert OWN not in _logged(proxied)


def _stale(answer: httpx.Response) -> httpx.Response:
    assert answer.headers["X-Cache"] == "STALE"
    return answer
