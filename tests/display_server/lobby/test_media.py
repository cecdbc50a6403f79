"""Files of the playlist: those that are configured, of known types, in the office's folder, and nothing else."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from display_server.lobby.face import face
from display_server.lobby.media import frame_sources, playlist, refused
from queue_core.domain.devices import Devices, DisplayPlace, Medium, MediumKind
from queue_core.domain.model import ZoneId
from tests.support.web_office import WebOffice, open_web_office

FOREIGN = {"X-Forwarded-For": "192.0.2.7"}
SOURCES = ["welcome.png", "sub/film.mp4", "../secret.png", "secret.toml", "link.png", "folder.png"]


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    folder = tmp_path / "office"
    (folder / "media" / "sub").mkdir(parents=True)
    (folder / "media" / "folder.png").mkdir()
    (folder / "media" / "welcome.png").write_bytes(b"a picture")
    (folder / "media" / "sub" / "film.mp4").write_bytes(bytes(range(256)) * 1000)
    (folder / "media" / "other.png").write_bytes(b"not configured")
    (folder / "media" / "secret.toml").write_bytes(b"pin = 1")
    (folder / "secret.png").write_bytes(b"secret")
    (folder / "media" / "link.png").symlink_to(folder / "secret.png")
    media = tuple(Medium(MediumKind.IMAGE, source) for source in SOURCES)
    place = DisplayPlace("wall", (ZoneId("hall"),), media=media, logo="welcome.png")
    devices = Devices(displays={"wall": place}, folder=str(folder))
    async with open_web_office(valkey_url, tmp_path, faces=[face], devices=devices) as opened:
        yield opened


async def ask(office: WebOffice, source: str, **headers: str) -> httpx.Response:
    return await office.http.get(f"/lobby/wall/media/{source}", headers=headers)


async def test_a_configured_file_is_served_with_its_type(office: WebOffice) -> None:
    answer = await ask(office, "welcome.png")
    assert (answer.status_code, answer.content) == (200, b"a picture")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_who_has_the_file_already_is_not_sent_it_again(office: WebOffice) -> None:
    etag = (await ask(office, "welcome.png")).headers["etag"]
    again = await ask(office, "welcome.png", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_film_comes_in_parts(office: WebOffice) -> None:
    answer = await ask(office, "sub/film.mp4", Range="bytes=256-259")
    assert (answer.status_code, answer.content) == (206, bytes([0, 1, 2, 3]))
    assert answer.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(
    "source",
    [
        "other.png",
        "secret.toml",
        "link.png",
        "folder.png",
        "gone.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "%00.png",
    ],
)
async def test_nothing_else_is_served(office: WebOffice, source: str) -> None:
    answer = await ask(office, source)
    assert answer.status_code == 404
    assert b"secret" not in answer.content.replace(source.encode(), b"")


async def test_whoever_may_not_see_the_wall_sees_none_of_its_files(office: WebOffice) -> None:
    assert (await ask(office, "welcome.png", **FOREIGN)).status_code == 404


def test_a_page_needs_an_address_and_youtube_a_permission() -> None:
    media = (
        Medium(MediumKind.PAGE, "https://news.example.org:8443/today?a=1"),
        Medium(MediumKind.PAGE, "javascript:alert(1)"),
        Medium(MediumKind.PAGE, "https://user@news.example.org/"),
        Medium(MediumKind.YOUTUBE, "abcdefghijk"),
        Medium(MediumKind.YOUTUBE, "../x"),
    )
    without = DisplayPlace("wall", (ZoneId("hall"),), media=media)
    allowed = DisplayPlace("wall", (ZoneId("hall"),), media=media, youtube=True)
    assert frame_sources(playlist(without)) == {"https://news.example.org:8443"}
    assert frame_sources(playlist(allowed)) == {"https://news.example.org:8443", "https://www.youtube-nocookie.com"}
    assert refused(without) == ("javascript:alert(1)", "https://user@news.example.org/", "abcdefghijk", "../x")
    assert refused(allowed) == ("javascript:alert(1)", "https://user@news.example.org/", "../x")
    assert "mute=1" in playlist(allowed)[1].address
