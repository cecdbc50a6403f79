"""Chromium for tests."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright, expect

from tests.support.eventually import WITHIN_S

WITH_SOUND = "--autoplay-policy=no-user-gesture-required"
#: The address bar's list of suggestions is a page of its own, made ready for every context; nobody types there.
_UNUSED = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
#: What Playwright switches off: of several lists Chromium heeds the last alone.
_UNUSED_BY_PLAYWRIGHT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join((*_UNUSED_BY_PLAYWRIGHT, *_UNUSED))}",
)

expect.set_options(timeout=1000 * WITHIN_S)


@asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Browser]:
    """`more` are further arguments of its command line."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*_ARGUMENTS, *more])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def left_empty(browser: Browser) -> AsyncIterator[Browser]:
    """For a test in a browser that others use after it: nothing of its pages is left."""
    try:
        yield browser
    finally:
        for context in browser.contexts:
            await context.close()
