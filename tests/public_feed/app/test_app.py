"""The app's documents: manifest, service worker, and the page without a network."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from queue_core.web.access import ANYONE, policies
from queue_core.web.face import load_faces
from queue_core.web.words import languages
from tests.support.web_office import WebOffice

LANGUAGES = languages("public_feed.app")
#: Of the faces for everybody: what the worker itself is made of, and what stands in frames on pages of others.
NO_PAGES = frozenset({"/app.webmanifest", "/sw.js", "/offline", "/widget/{public_zone}"})


async def manifest(office: WebOffice, lang: str = "de") -> dict[str, Any]:
    answer = await office.http.get(f"/app.webmanifest?lang={lang}")
    assert answer.headers["content-type"] == "application/manifest+json"
    told: dict[str, Any] = answer.json()
    return told


async def known(office: WebOffice) -> dict[str, Any]:
    """What the service worker is told before its own lines."""
    first = (await office.http.get("/sw.js")).text.partition("\n")[0]
    told: dict[str, Any] = json.loads(first.removeprefix("const KNOWN = ").removesuffix(";"))
    return told


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_manifest_speaks_every_language_of_the_pages(office: WebOffice, lang: str) -> None:
    told = await manifest(office, lang)
    assert (told["lang"], told["dir"]) == (lang, "rtl" if lang in ("ar", "fa") else "ltr")
    assert (told["id"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert told["start_url"] == f"/?lang={lang}"


async def test_every_icon_is_there_and_as_large_as_it_says(office: WebOffice) -> None:
    icons = (await manifest(office))["icons"]
    assert {(icon["purpose"], icon["sizes"]) for icon in icons} == {
        (purpose, size) for purpose in ("any", "maskable") for size in ("192x192", "512x512")
    }
    for icon in icons:
        answer = await office.http.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
        assert "x".join(map(str, Image.open(BytesIO(answer.content)).size)) == icon["sizes"]


async def test_shortcuts_lead_to_what_is_served(office: WebOffice) -> None:
    urls = [shortcut["url"] for shortcut in (await manifest(office))["shortcuts"]]
    assert urls == ["/?lang=de"]
    assert [(await office.http.get(url)).status_code for url in urls] == [200]


async def test_everything_that_the_service_worker_keeps_is_there(office: WebOffice) -> None:
    told = await known(office)
    for address in (*told["shell"], told["icon"], told["badge"], told["offline"]):
        assert (await office.http.get(address)).status_code == 200, address
    assert all(f"/{told['build']}/" in address for address in told["shell"])


async def test_a_new_build_is_asked_for_each_time(office: WebOffice) -> None:
    answer = await office.http.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert (await known(office))["build"] == office.frame.assets.build


@pytest.mark.parametrize(
    ("path", "is_public"),
    [
        *((path, True) for path in ("/", "/z/hall", "/z/hall/week", "/t/x", "/appointments", "/status", "/easy")),
        *((path, True) for path in ("/z/entrance", "/survey/x", "/widget")),
        *(
            (path, False)
            for path in ("/desk", "/board", "/lobby/hall", "/kiosk/entrance", "/login", "/devices", "/cases")
        ),
        *((path, False) for path in ("/api/v1/zones", "/feed/v1/waits.json", "/theft", "/offline", "/widget/hall")),
    ],
)
async def test_pages_of_staff_kiosks_and_walls_are_passed_by(office: WebOffice, path: str, is_public: bool) -> None:
    assert (await is_kept_company(office))(path) is is_public


async def test_the_service_worker_knows_the_pages_of_every_face(office: WebOffice) -> None:
    """Each page for everybody, and none of staff; of what no page opens by itself nothing is asked."""
    known = await is_kept_company(office)
    faces = [face for face in load_faces() if face.package.startswith("public_feed.")]
    assert len(faces) > 8
    for face in faces:
        for guarded in policies(face.routes(office.frame.of(face.name, face.package))):
            if guarded.method == "GET" and guarded.path not in NO_PAGES:
                path = re.sub(r"\{[^}]+\}", "x", guarded.path)
                assert known(path) is (guarded.roles is ANYONE), guarded.path


async def is_kept_company(office: WebOffice) -> Callable[[str], bool]:
    """Whether the service worker answers for an address."""
    pattern = re.search(r"const PUBLIC = /(.+)/;", (await office.http.get("/sw.js")).text)
    assert pattern is not None
    return lambda path: bool(re.match(pattern[1].replace(r"\/", "/"), path))


async def test_the_page_without_a_network_says_what_to_do(office: WebOffice) -> None:
    page = (await office.http.get("/offline?lang=en")).text
    assert "You are offline" in page
    assert "watch the display" in page
    assert "opens without a network, too" in page
