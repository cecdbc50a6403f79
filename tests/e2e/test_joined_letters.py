"""Arabic and Persian letters are joined: whatever spaces letters on a page, it must not tear these apart."""

import httpx
import pytest
from playwright.async_api import Browser

from tests.e2e.support.hall import ZONE
from tests.support.browser import left_empty
from tests.support.office_process import OfficeProcess

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGES = ("/", f"/z/{ZONE}", f"/z/{ZONE}/week", "/kiosk/entrance", "/lobby/lobby")
#: How many elements have such letters of their own, and those whose letters are spaced. Hidden ones count: a kiosk has
#: all of its screens in one page.
_SPACED = r"""() => {
  const joined = [...document.body.querySelectorAll("*")].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\p{Script=Arabic}/u.test(node.data)));
  const spaced = joined.filter((one) => !["normal", "0px"].includes(getComputedStyle(one).letterSpacing));
  const told = spaced.map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`);
  return [joined.length, told];
}"""


@pytest.mark.parametrize("language", ["ar", "fa"])
async def test_no_page_spaces_joined_letters(office: OfficeProcess, browser: Browser, language: str) -> None:
    office.start()
    async with left_empty(browser):
        context = await browser.new_context(base_url=office.address, locale=language)
        page = await context.new_page()
        for path in (*PAGES, ticket(office)):
            answer = await page.goto(f"{path}?lang={language}")
            assert answer
            assert answer.ok, path
            await page.wait_for_load_state("networkidle")
            joined, spaced = await page.evaluate(_SPACED)
            assert joined > 0, path
            assert spaced == [], path


def ticket(office: OfficeProcess) -> str:
    """A visitor's own page."""
    headers = {"Authorization": f"Bearer {office.token('device', ZONE)}", "Idempotency-Key": "joined-letters"}
    with httpx.Client(base_url=office.address, headers=headers) as client:
        services = client.get(f"/api/v1/zones/{ZONE}").json()["services"]
        drawn = client.post(f"/api/v1/zones/{ZONE}/tickets", json={"service": services[0]["id"]})
    assert drawn.status_code == httpx.codes.CREATED, drawn.text
    return str(httpx.URL(drawn.json()["links"]["own"]).path)
