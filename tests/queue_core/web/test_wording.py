"""What a page tells first; the browser's rules are held to the server's over many values."""

import base64
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from itertools import product
from typing import Any

import pytest
from playwright.async_api import Browser

from queue_core.domain.telling import Telling, Told, tell
from queue_core.estimate.forecast import Later, NoRange
from queue_core.web.app import face_assets
from queue_core.web.pages import environment
from queue_core.web.teller import Teller
from queue_core.web.wording import closes_before, openness, tell_service
from queue_core.web.words import WEB, languages, translations
from tests.support.browser import left_empty

in_one_browser = pytest.mark.asyncio(loop_scope="session")

NOW_MS = 1_774_000_123_456
MINUTE_MS = 60_000


def wait(p10_min: float, p90_min: float) -> dict[str, Any]:
    return {"p10_s": round(60 * p10_min), "p50_s": round(30 * (p10_min + p90_min)), "p90_s": round(60 * p90_min)}


def service(state: str = "open", **changes: Any) -> dict[str, Any]:
    plain = {"state": state, "open": state == "open", "opens_ms": None, "closes_ms": None, "wait": None, "reason": None}
    return plain | changes


def test_a_service_that_gives_no_numbers_says_so_first() -> None:
    known = wait(10, 20)
    assert tell_service(service(wait=known), NOW_MS).told is Told.BETWEEN
    assert tell_service(service("stopped", wait=known), NOW_MS).told is Told.SERVICE_CLOSED
    assert tell_service(service("full", wait=known), NOW_MS).told is Told.FULL
    assert tell_service(service("closed", opens_ms=5), NOW_MS) == Telling(Told.OPENS, from_ms=5)
    assert tell_service(service("closed"), NOW_MS).told is Told.OUTSIDE_HOURS


def test_closing_is_told_when_the_wait_may_outlast_the_hours() -> None:
    closes_ms = NOW_MS + 20 * MINUTE_MS
    assert closes_before(service(wait=wait(10, 21), closes_ms=closes_ms), NOW_MS)
    assert not closes_before(service(wait=wait(10, 20), closes_ms=closes_ms), NOW_MS)
    assert not closes_before(service(wait=wait(10, 21)), NOW_MS)
    assert not closes_before(service(closes_ms=closes_ms), NOW_MS)


def test_a_zone_is_open_as_long_as_one_of_its_services() -> None:
    assert openness([service(closes_ms=5), service(closes_ms=9)]).closes_ms == 9
    assert openness([service(closes_ms=5), service()]).closes_ms is None
    assert openness([service("closed", opens_ms=9), service("closed", opens_ms=5)]).opens_ms == 5
    assert openness([service("closed"), service("full")]).state == "stopped"
    assert openness([]).state == "closed"


RECORDS = [
    *(service(wait=wait(a, a + b)) for a, b in product((0, 3, 5, 9.5, 14, 44, 59, 61, 89), (0, 1, 7, 31, 66, 140))),
    *(service(reason=reason) for reason in ("no_counter_open", "service_closed", "outside_hours", None)),
    *(service(state, opens_ms=opens_ms) for state in ("closed", "stopped", "full") for opens_ms in (None, NOW_MS)),
    *(service(wait=wait(5, 30), closes_ms=NOW_MS + minutes * MINUTE_MS) for minutes in (10, 30, 40)),
]


@pytest.mark.browser
@in_one_browser
async def test_the_browser_tells_every_wait_as_the_server_does(browser: Browser) -> None:
    told = await in_the_browser(
        browser,
        """({ tellService, closesBefore, openness }, [records, now]) =>
            records.map((r) => [tellService(r, now), closesBefore(r, now), openness([r, records[0]])])""",
        [RECORDS, NOW_MS],
    )
    assert told == [
        [asdict(tell_service(r, NOW_MS)), closes_before(r, NOW_MS), asdict(openness([r, RECORDS[0]]))] for r in RECORDS
    ]


@pytest.mark.browser
@in_one_browser
async def test_the_browser_rounds_every_range_as_the_server_does(browser: Browser) -> None:
    edges = sorted({s + shift for s in range(0, 200 * 60, 300) for shift in (-1, 0, 1)} - {-1})
    cases = [
        (edge, edge + width, held)
        for edge, width, held in product(edges, (0, 1, 299, 1200, 3600, 3601), (None, 0, 200, 4000))
    ]
    told = await in_the_browser(
        browser,
        """({ tell }, [cases, now]) => cases.map(([p10_s, p90_s, held]) =>
            Object.values(tell({ p10_s, p90_s }, now, null, held === null ? null : now + 1000 * held)))""",
        [cases, NOW_MS],
    )
    for (p10_s, p90_s, held), said in zip(cases, told, strict=True):
        until_ms = None if held is None else NOW_MS + 1000 * held
        assert said == list(asdict(tell({"p10_s": p10_s, "p90_s": p90_s}, NOW_MS, None, until_ms)).values())


async def in_the_browser(browser: Browser, function: str, given: object, language: str = "de") -> Any:
    """`function` is given ranges.js, in a page with all phrases of the language, and `given`."""
    source = (files("queue_core.web") / "static" / "js" / "ranges.js").read_bytes()
    module = f"data:text/javascript;base64,{base64.b64encode(source).decode()}"
    environment_ = environment(WEB, language, face_assets(()))
    phrases = "".join(environment_.get_template(f"_{name}phrases.html").render() for name in ("", "method_"))
    async with left_empty(browser):
        page = await browser.new_page(locale=language)
        await page.set_content(f'<html lang="{language}"><body>{phrases}</body></html>')
        return await page.evaluate(
            f"async ([module, given]) => ({function})(await import(module), given)", [module, given]
        )


EVENING_MS = round(datetime(2026, 10, 24, 21, 40, tzinfo=UTC).timestamp() * 1000)
#: The last ones wait over midnight and into the night in which an hour comes twice.
WAITING = [
    {"wait": wait(p10, p10 + width), "reason": None, "not_before_ms": EVENING_MS + 1000 * held, "ahead": ahead}
    for p10, width, held, ahead in product((0, 4, 12, 66, 200), (2, 30, 90), (-5, 900), (None, 0, 1, 7))
] + [{"wait": None, "reason": reason, "not_before_ms": 0, "ahead": 3} for reason in (*NoRange, None)]


@pytest.mark.browser
@in_one_browser
@pytest.mark.parametrize("language", languages())
async def test_the_browser_says_every_wait_and_place_as_the_server_does(browser: Browser, language: str) -> None:
    told = await in_the_browser(
        browser,
        """({ sayWait, sayPosition }, [records, now]) =>
            records.map((r) => [sayWait(r, now, "Europe/Berlin"), sayPosition(r, now)])""",
        [WAITING, EVENING_MS],
        language,
    )
    teller = Teller(translations(WEB, language), language)
    said = [[teller.wait(r, EVENING_MS, "Europe/Berlin"), teller.position(r, EVENING_MS)] for r in WAITING]
    assert told == said


@pytest.mark.browser
@in_one_browser
async def test_the_browser_counts_open_counters_as_the_server_does(browser: Browser) -> None:
    reasons, waits = ("no_counter_open", None), (None, wait(10, 20))
    services = [
        {"state": "open", "wait": range_, "reason": reason, "counters_open": n}
        for range_, reason, n in product(waits, reasons, (0, 1, 3))
    ]
    told = await in_the_browser(
        browser, "({ sayCounters }, [all, now]) => all.map((s) => sayCounters(s, now))", [services, EVENING_MS]
    )
    teller = Teller(translations(WEB, "de"), "de")
    assert told == [teller.counters(service, EVENING_MS) for service in services]


@pytest.mark.browser
@in_one_browser
async def test_the_browser_gives_every_reason_for_a_longer_wait(browser: Browser) -> None:
    told = await in_the_browser(
        browser, "({ sayLater }, reasons) => reasons.map((later) => sayLater({ later }))", [*Later, None]
    )
    teller = Teller(translations(WEB, "de"), "de")
    assert told == [teller.later({"later": later}) for later in (*Later, None)]
    assert all(told[:-1])


@pytest.mark.browser
@in_one_browser
async def test_staff_are_warned_of_makeshift_and_missing_estimates_only(browser: Browser) -> None:
    methods = [{"method": method} for method in ("simulation", "queue_length", "history", None)]
    told = await in_the_browser(
        browser,
        """({ isMakeshift, sayMethod }, all) =>
            all.map((estimates) => [isMakeshift({ estimates }), sayMethod({ estimates })])""",
        [*methods, None],
    )
    assert [warns for warns, _ in told] == [False, True, True, False, True]
    assert [sentence != "" for _, sentence in told] == [True, True, True, False, True]
    assert "einfachen Rechnung" in told[1][1]
