"""What the kiosk is told about a ticket that was drawn."""

from typing import Any

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.outcome import Outcome
from queue_core.estimate.forecast import Forecast, NoRange
from ticket_kiosk.drawn import drawn

URL = "https://wait.example/t/hall.abc.def"
WAIT = {"p10_s": 60, "p50_s": 120, "p90_s": 240}


def outcome(**more: Any) -> Outcome:
    data = {"ticket": "abc", "number": "A047", "service": "new", "issued_ms": 5, **more}
    return Outcome(1, 2, 5, (Event(1, 2, 5, EventType.ISSUED, "c", data),))


def forecast(**ahead: int) -> Forecast:
    counted: dict[TicketId | ServiceId, int] = {ServiceId(of): n for of, n in ahead.items()}
    return Forecast(5, 2, ahead=counted, reasons={ServiceId("new"): NoRange.NO_COUNTER_OPEN})


def test_the_wait_is_the_one_that_the_log_keeps() -> None:
    assert drawn(outcome(estimate=WAIT), forecast(new=3), URL)["wait"] == WAIT


def test_people_ahead_are_those_before_the_ticket_else_before_a_newcomer() -> None:
    assert drawn(outcome(), forecast(new=3), URL)["ahead"] == 3
    assert drawn(outcome(), forecast(new=4, abc=3), URL)["ahead"] == 3


def test_what_nobody_knows_is_null() -> None:
    told = drawn(outcome(), None, URL)
    assert (told["wait"], told["reason"], told["ahead"]) == (None, None, None)


def test_a_missing_wait_has_its_reason() -> None:
    assert drawn(outcome(), forecast(), URL)["reason"] == "no_counter_open"


def test_the_code_is_a_picture_that_needs_no_further_request() -> None:
    assert drawn(outcome(), None, URL)["qr"].startswith("data:image/svg+xml")
