"""How a wait is told; the browser's rule is held to the same table."""

import base64
import json
from dataclasses import asdict
from importlib.resources import files
from itertools import product
from typing import Any

import pytest

from queue_core.web.wording import Telling, Told, closes_before, openness, tell, tell_service
from tests.support.browser import chromium

NOW_MS = 1_774_000_123_456
MINUTE_MS = 60_000


def wait(p10_min: float, p90_min: float) -> dict[str, Any]:
    return {"p10_s": round(60 * p10_min), "p50_s": round(30 * (p10_min + p90_min)), "p90_s": round(60 * p90_min)}


def service(state: str = "open", **changes: Any) -> dict[str, Any]:
    plain = {"state": state, "open": state == "open", "opens_ms": None, "closes_ms": None, "wait": None, "reason": None}
    return plain | changes


@pytest.mark.parametrize(
    ("p10_min", "p90_min", "told", "low", "high"),
    [
        (0, 0, Told.SOON, 0, 0),
        (2, 5, Told.SOON, 0, 0),
        (4.9, 5.1, Told.UP_TO, 0, 10),
        (5, 5.5, Told.BETWEEN, 5, 10),
        (12, 23, Told.BETWEEN, 10, 25),
        (10, 10, Told.BETWEEN, 10, 15),
        (31, 60, Told.BETWEEN, 30, 60),
        (49, 61, Told.BETWEEN_TIMES, 45, 75),
        (76, 91, Told.BETWEEN_TIMES, 75, 105),
        (75, 75, Told.BETWEEN_TIMES, 75, 90),
        (46, 110, Told.MORE_THAN, 45, 0),
        (1, 200, Told.UP_TO, 0, 210),
    ],
)
def test_a_range_is_rounded_outwards(p10_min: float, p90_min: float, told: Told, low: int, high: int) -> None:
    telling = tell(wait(p10_min, p90_min), NOW_MS)
    assert (telling.told, telling.low, telling.high) == (told, low, high)


def test_beyond_an_hour_the_clock_time_is_told_by_five_minutes() -> None:
    telling = tell(wait(76, 91), NOW_MS)
    assert telling.from_ms % (5 * MINUTE_MS) == telling.to_ms % (5 * MINUTE_MS) == 0
    assert telling.from_ms <= NOW_MS + 75 * MINUTE_MS < NOW_MS + 105 * MINUTE_MS <= telling.to_ms


def test_a_promise_is_never_shorter_than_the_range() -> None:
    for p10_min, p90_min in product(range(0, 180, 7), repeat=2):
        telling = tell(wait(p10_min, max(p10_min, p90_min)), NOW_MS)
        assert telling.low <= p10_min
        assert telling.told in {Told.SOON, Told.MORE_THAN} or telling.high >= p90_min


def test_without_a_range_the_reason_is_told() -> None:
    assert tell(None, NOW_MS, "no_counter_open") == Telling(Told.NO_COUNTER_OPEN)
    assert tell(None, NOW_MS) == tell(None, NOW_MS, "of a newer server") == Telling(Told.UNKNOWN)


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
async def test_the_browser_tells_every_wait_as_the_server_does() -> None:
    source = (files("queue_core.web") / "static" / "js" / "ranges.js").read_bytes()
    module = f"data:text/javascript;base64,{base64.b64encode(source).decode()}"
    async with chromium() as browser:
        page = await browser.new_page()
        told = await page.evaluate(
            """async ([module, records, now]) => {
                const { tellService, closesBefore, openness } = await import(module);
                return records.map((r) => [tellService(r, now), closesBefore(r, now), openness([r, records[0]])]);
            }""",
            [module, RECORDS, NOW_MS],
        )
    assert told == [
        [asdict(tell_service(r, NOW_MS)), closes_before(r, NOW_MS), asdict(openness([r, RECORDS[0]]))] for r in RECORDS
    ]
    assert json.dumps(told)
