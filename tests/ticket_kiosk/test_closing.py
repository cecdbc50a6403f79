"""Near the end of service."""

from typing import Any

import pytest

from queue_core.domain.devices import NearClosing
from queue_core.domain.model import ServiceId
from tests.support.zones import zone
from ticket_kiosk.closing import is_too_late, stops, too_late

NOW_MS = 1_791_183_600_000


def service(**changes: Any) -> dict[str, Any]:
    wait = {"p10_s": 600, "p50_s": 900, "p90_s": 1500}
    return {"open": True, "wait": wait, "closes_ms": NOW_MS + 1_000_000, **changes}


def test_it_is_too_late_when_the_expected_call_lies_behind_the_end() -> None:
    assert not is_too_late(service(), NOW_MS)
    assert not is_too_late(service(closes_ms=NOW_MS + 900_000), NOW_MS)
    assert is_too_late(service(closes_ms=NOW_MS + 899_999), NOW_MS)


@pytest.mark.parametrize("unknown", [{"wait": None}, {"closes_ms": None}, {"open": False}], ids=lambda u: next(iter(u)))
def test_what_nobody_knows_stops_nobody(unknown: dict[str, Any]) -> None:
    assert not is_too_late(service(**({"closes_ms": NOW_MS} | unknown)), NOW_MS)


def test_only_a_kiosk_that_stops_stops() -> None:
    late = service(closes_ms=NOW_MS)
    assert stops(NearClosing.STOP, late, NOW_MS)
    assert not stops(NearClosing.WARN, late, NOW_MS)


def test_the_problem_says_when_it_closes() -> None:
    problem = too_late(zone(), ServiceId("new"), NOW_MS).to_json()
    assert (problem["status"], problem["code"], problem["closes"]) == (
        409,
        "near_closing",
        "2026-10-05T09:00:00.000+02:00",
    )
