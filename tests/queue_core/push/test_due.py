"""What a phone is told, and when it is the same thing again."""

from dataclasses import replace

import pytest

from queue_core.domain.model import Ticket, TicketId, TicketState
from queue_core.push.due import Due, Kind, due
from tests.support.outlook import Minutes, Said
from tests.support.zones import NEW, NORMAL

NOW_MS = 10_000_000
MINE = TicketId("mine")
WAITS = Ticket(MINE, "A001", "a", NEW, NORMAL, TicketState.WAITING, 1, 0, 0, 0, seq=7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ahead", "minutes", "is_soon"),
    [(2, 40, True), (3, 40, False), (9, 10, True), (9, 11, False), (0, None, True), (9, None, False)],
    ids=["two-before", "three-before", "ten-minutes", "eleven-minutes", "next", "unknown"],
)
def test_soon_is_two_people_or_ten_minutes(ahead: int, minutes: int | None, is_soon: bool) -> None:
    said = Said(tickets={MINE: Minutes(60 * minutes) if minutes else None}, ahead={MINE: ahead})
    assert (due(WAITS, said, NOW_MS) == Due(Kind.SOON, "7")) is is_soon


def test_without_a_forecast_nothing_is_soon() -> None:
    assert due(WAITS, None, NOW_MS) is None


def test_who_may_not_be_called_for_long_is_not_soon_even_as_the_first() -> None:
    later = replace(WAITS, not_before_ms=NOW_MS + 11 * 60_000)
    assert due(later, Said(ahead={MINE: 0}), NOW_MS) is None
    assert due(later, Said(ahead={MINE: 0}), NOW_MS + 60_000) is not None


def test_a_call_and_each_call_again_are_things_of_their_own() -> None:
    called = replace(WAITS, state=TicketState.CALLED, called_ms=5)
    again = replace(called, recalls=1)
    marks = [due(t, None, NOW_MS) for t in (called, again, replace(again, recalls=2), replace(called, called_ms=9))]
    assert [found and (found.kind.value, found.mark) for found in marks] == [
        ("called", "5"),
        ("recalled", "5.1"),
        ("recalled", "5.2"),
        ("called", "9"),
    ]


@pytest.mark.parametrize("state", [TicketState.SERVING, TicketState.PARKED, TicketState.MISSED])
def test_of_all_else_the_page_tells_alone(state: TicketState) -> None:
    assert due(replace(WAITS, state=state), Said(ahead={MINE: 0}), NOW_MS) is None
