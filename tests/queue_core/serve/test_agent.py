"""The first kiosk's agent lives and dies with the server."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.proxy import self_signed
from tests.support.eventually import eventually_sync
from tests.support.office_process import OfficeProcess, office_process

pytestmark = pytest.mark.slow

WITHIN_S = 60.0
_TOLD = re.compile(r"kiosk agent\s+(\S+)")


@pytest.fixture
def office() -> Iterator[OfficeProcess]:
    with office_process(kiosk_agent="true", log_level="warning") as process:
        process.start()
        yield process


def address(office: OfficeProcess) -> str:
    found: list[str] = eventually_sync(lambda: _TOLD.findall(office.log()), WITHIN_S)
    return found[-1]


def is_there(url: str) -> bool:
    try:
        return httpx.get(url, timeout=WITHIN_S).is_success
    except httpx.TransportError:
        return False


def test_it_shows_the_kiosk_and_ends_with_the_server(office: OfficeProcess) -> None:
    url = address(office)
    assert "data-kiosk" in httpx.get(url, timeout=WITHIN_S).text
    state = httpx.get(httpx.URL(url).join("/agent/state"), timeout=WITHIN_S).json()
    assert (state["server"], state["printer"]["state"]) == ("up", "none")
    assert office.terminate() == 0
    assert not is_there(url)


def test_it_knows_a_server_that_serves_tls_by_the_servers_own_certificate(tmp_path: Path) -> None:
    made = self_signed(tmp_path)
    files = {"tls_cert": str(made.path), "tls_key": str(made.key)}
    with office_process(kiosk_agent="true", log_level="warning", **files) as office:
        office.spawn()
        url = httpx.URL(address(office))
        eventually_sync(lambda: "data-kiosk" in httpx.get(url, timeout=WITHIN_S).text, WITHIN_S)
        assert httpx.get(url.join("/agent/state"), timeout=WITHIN_S).json()["server"] == "up"


def test_its_token_is_nobody_elses_to_read_and_is_kept(office: OfficeProcess) -> None:
    address(office)
    token = office.data / "kiosk-agent" / "token"
    assert token.stat().st_mode & 0o777 == 0o600
    before = token.read_text()
    office.terminate()
    office.start()
    eventually_sync(lambda: len(_TOLD.findall(office.log())) == 2, WITHIN_S)
    assert token.read_text() == before


def test_a_killed_server_leaves_no_agent_behind_and_the_next_one_has_its_own(office: OfficeProcess) -> None:
    url = address(office)
    office.kill_server()
    eventually_sync(lambda: not is_there(url), WITHIN_S)
    office.start()
    eventually_sync(lambda: len(_TOLD.findall(office.log())) == 2, WITHIN_S)
    assert is_there(_TOLD.findall(office.log())[-1])
