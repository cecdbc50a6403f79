import asyncio
from collections.abc import Iterable

import pytest

from queue_core.domain.calendar import local_time
from queue_core.domain.commands import CallNext, CallTicket, Cancel, Finish, OpenCounter, Park, Return, Transfer
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ReturnMode
from queue_core.domain.office import Zone
from queue_core.evaluate.playback import Played, moved_ms, play_log, weeks_ahead
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.scenarios import SCENARIOS
from tests.queue_core.evaluate.days import NINE_MS, ONE, T1, T2, T3, ZONE, A, B, draw, log
from tests.support.offices import office

WEEK_MS = 7 * 86_400_000
_BORN = frozenset({EventType.EPOCH_STARTED})


def played(events: Iterable[Event], zone: Zone = ZONE, weeks: int = 0) -> tuple[Played, list[Event]]:
    paper = PaperZone(zone, NINE_MS)
    return asyncio.run(play_log(events, zone, PaperPort(paper), "again", weeks, lambda _: None)), paper.log


def story(events: Iterable[Event]) -> list[tuple[EventType, int, str]]:
    return [(e.type, e.at_ms, str(e.data.get("number", ""))) for e in events if e.type not in _BORN]


def test_a_log_played_again_is_the_same_day() -> None:
    result, again = played(log())
    assert story(again) == story(log())
    assert (result.refused, result.others) == ({}, 0)
    assert result.waits_ms == [5_000, 600_000]


@pytest.mark.parametrize("name", ["skills", "appointments", "priorities"])
def test_whole_days_with_all_that_happens_come_out_the_same(name: str) -> None:
    scenario = SCENARIOS[name]
    events = scenario.log(1, 0)
    result, again = played(events, scenario.zone)
    assert (result.refused, result.others) == ({}, 0)
    assert [kind for kind, _, _ in story(again)] == [kind for kind, _, _ in story(events)]


def test_weeks_later_it_is_the_same_weekday_and_local_time() -> None:
    _, again = played(log(), weeks=3)
    assert [e.at_ms for e in again[1:]] == [e.at_ms + 3 * WEEK_MS for e in log()[1:]]


def test_a_week_over_the_change_of_the_clocks_keeps_the_local_time() -> None:
    before_ms = 1_900_141_200_000  # Monday 18 March 2030, 10:00 in Berlin
    after_ms = moved_ms(ZONE, before_ms, 2)
    assert local_time(ZONE, after_ms).time() == local_time(ZONE, before_ms).time()
    assert after_ms - before_ms != 2 * WEEK_MS


def test_a_log_of_the_past_begins_in_the_next_week_that_is_free() -> None:
    assert weeks_ahead(ZONE, NINE_MS, NINE_MS - 5) == 0
    assert weeks_ahead(ZONE, NINE_MS, NINE_MS + 1) == 1
    assert weeks_ahead(ZONE, NINE_MS, NINE_MS + 10 * WEEK_MS) == 10


def test_what_the_office_refuses_is_counted_by_its_reason() -> None:
    """The service is not offered here."""
    other = office({"b": 5}, [("b",)])
    result, _ = played(log(), other)
    assert result.refused["unknown_service"] == 3
    assert result.done[EventType.COUNTER_OPENED] == 1


def test_a_desk_that_called_somebody_else_goes_on_with_them() -> None:
    """The first ticket cannot be drawn, so the first call goes to the second, who is sent on as the first was."""
    zone = office({"a": 5, "b": 5}, [("a", "b")])
    steps = [
        (0, OpenCounter(ONE)),
        (0, draw(T1, B)),
        (9, draw(T2)),
        (9, CallNext(ONE)),
        (60, Park(ONE, "papers")),
        (60, Return(T1, ReturnMode.OLD)),
    ]
    without_b = office({"a": 5}, [("a",)])
    result, again = played(log(steps, zone), without_b)
    assert result.others == 1
    assert [e.type for e in again[-2:]] == [EventType.CALLED, EventType.PARKED]
    assert result.skipped[EventType.RETURNED] == 1


def test_a_picked_ticket_is_picked_again() -> None:
    steps = [(0, OpenCounter(ONE)), (0, draw(T1)), (0, draw(T2)), (60, CallTicket(T2, ONE, pick=True))]
    _, again = played(log(steps))
    assert story(again)[-1] == story(log(steps))[-1]


def test_transfers_and_cancellations_find_their_tickets() -> None:
    zone = office({"a": 5, "b": 5}, [("a", "b")])
    steps = [
        (0, OpenCounter(ONE)),
        (0, draw(T1)),
        (0, draw(T2)),
        (0, draw(T3)),
        (60, CallNext(ONE)),
        (60, Transfer(T1, to_service=B, by_counter=ONE)),
        (0, Cancel(T3, by="visitor")),
        (0, CallNext(ONE)),
        (60, Finish(ONE)),
    ]
    result, again = played(log(steps, zone), zone)
    assert result.refused == {}
    assert story(again) == story(log(steps, zone))
    assert again[6].data["service"] == B
    assert again[6].data["from_service"] == A
