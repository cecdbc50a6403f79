"""Static files: immutable under their build, revalidated elsewhere, compressed where it pays."""

import pytest

from queue_core.web.assets import Assets
from queue_core.web.headers import DOCUMENT_POLICY
from tests.support.web_office import WebOffice

CSS = "web/css/app.css"


async def test_an_address_of_this_build_never_changes(office: WebOffice) -> None:
    answer = await office.http.get(office.frame.assets.url(CSS))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert ".wz-button" in answer.text


@pytest.mark.parametrize("path", [f"/static/{CSS}", f"/static/000000000000/{CSS}"])
async def test_other_addresses_are_revalidated(office: WebOffice, path: str) -> None:
    answer = await office.http.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    again = await office.http.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_who_cannot_unpack_gets_it_plain(office: WebOffice) -> None:
    answer = await office.http.get(f"/static/{CSS}", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert ".wz-button" in answer.text


@pytest.mark.parametrize(
    "path", ["web/none.css", "", "web/../../settings.py", "web/%2e%2e/%2e%2e/app.py", "nobody/x.js"]
)
async def test_nothing_else_is_served(office: WebOffice, path: str) -> None:
    assert (await office.http.get(f"/static/{path}")).status_code == 404


def test_a_page_cannot_name_a_file_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="none"):
        Assets({}).url("web/none.css")


def test_the_build_is_the_same_for_the_same_files() -> None:
    assert Assets({}).build == Assets({}).build
    assert Assets({}).build != Assets({"lobby": "queue_core.web"}).build


async def test_fonts_are_not_compressed_twice(office: WebOffice) -> None:
    font = "web/vendor/noto-sans/noto-sans-latin-wght-normal.woff2"
    answer = await office.http.get(office.frame.assets.url(font))
    assert answer.headers["Content-Type"] == "font/woff2"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(("path", "is_short"), [(CSS, True), ("web/icon.svg", True), ("web/js/stream.js", False)])
async def test_a_file_needs_no_policy_of_a_page(office: WebOffice, path: str, is_short: bool) -> None:
    """But a worker lives by that of its script."""
    policy = (await office.http.get(f"/static/{path}")).headers["content-security-policy"]
    assert (policy == DOCUMENT_POLICY) is is_short
