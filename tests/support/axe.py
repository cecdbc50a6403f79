"""What axe finds on a page, with our own bar: text on its background has a contrast of 7:1."""

from typing import Any

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {
    "runOnly": {"type": "tag", "values": _TAGS},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}


async def violations(page: Page) -> list[str]:
    """`rule: element`, for each."""
    found: dict[str, Any] = (await Axe().run(page, options=_OPTIONS)).response
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
