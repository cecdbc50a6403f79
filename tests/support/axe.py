"""What axe finds on a page, with our own bar: text on its background has a contrast of 7:1."""

from typing import Any

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Contrast takes both of its rules: the one of 7:1 is silent about what fails 4.5:1. Elements that hold are not
#: described: on a long table that took longer than to try them.
_OPTIONS = {
    "runOnly": {"type": "tag", "values": _TAGS},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: What axe finds on a page it finds in each language: the house's own, one from right to left and the longest are
#: enough for it. What words alone can break (what is cut, what is missing) is looked for in all of them.
TRIED_IN = ("de", "ar", "ro")


async def violations(page: Page, within: str | None = None) -> list[str]:
    """`rule: element`, for each; of the whole page, or of what this selector finds in it."""
    found: dict[str, Any] = (await Axe().run(page, context=within, options=_OPTIONS)).response
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
