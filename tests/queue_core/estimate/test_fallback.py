from datetime import datetime

from queue_core.domain.commands import Command, Issue, OpenCounter
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.domain.rhythm import Rhythm, Usual
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.fallback import by_history, silence
from queue_core.estimate.forecast import NoRange, Range
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office

A, B = ServiceId("a"), ServiceId("b")
DEFAULT, ONE, FIRST, SECOND = ClassId("default"), CounterId("1"), TicketId("t1"), TicketId("t2")
ZONE = office({"a": 5, "b": 5}, [("a",), ("b",)])
#: A Monday.
NOON_MS = int(datetime(2030, 1, 7, 12, 5, tzinfo=ZONE.time_zone).timestamp() * 1000)
RHYTHM = Rhythm("2030-01-04", {A: {0: {48: Usual(9, 300, 600, 1500), 49: Usual(9, 60, 120, 180)}}})


def state(*commands: Command) -> Snapshot:
    zone = PaperZone(ZONE, NOON_MS)
    for command in (OpenCounter(ONE), *commands):
        zone.do(command)
    return zone.state


def test_whoever_comes_waits_as_usual_at_this_quarter_of_an_hour() -> None:
    assert by_history(ZONE, state(), NOON_MS, {}, RHYTHM).services[A] == Range(300, 600, 1500, "history")
    assert by_history(ZONE, state(), NOON_MS + 900_000, {}, RHYTHM).services[A] == Range(60, 120, 180, "history")


def test_a_ticket_has_waited_part_of_what_was_usual_when_it_was_drawn() -> None:
    said = by_history(ZONE, state(Issue(A, DEFAULT, FIRST)), NOON_MS + 400_000, {}, RHYTHM)
    assert said.tickets[FIRST] == Range(0, 200, 1100, "history")


def test_who_has_waited_longer_than_usual_has_no_range() -> None:
    said = by_history(ZONE, state(Issue(A, DEFAULT, FIRST)), NOON_MS + 1_600_000, {}, RHYTHM)
    assert (said.tickets[FIRST], said.reasons[FIRST]) == (None, NoRange.UNKNOWN)


def test_without_an_open_counter_there_is_no_range() -> None:
    said = by_history(ZONE, state(Issue(B, DEFAULT, FIRST)), NOON_MS, {}, RHYTHM)
    assert said.reasons == {FIRST: NoRange.NO_COUNTER_OPEN, B: NoRange.NO_COUNTER_OPEN}


def test_a_time_without_history_is_unknown() -> None:
    said = by_history(ZONE, state(), NOON_MS + 7_200_000, {}, RHYTHM)
    assert (said.services[A], said.reasons[A]) == (None, NoRange.UNKNOWN)


def test_a_closed_service_stays_closed() -> None:
    said = by_history(ZONE, state(), NOON_MS, {A: NoRange.SERVICE_CLOSED}, RHYTHM)
    assert (said.services[A], said.reasons[A]) == (None, NoRange.SERVICE_CLOSED)


def test_silence_knows_places_and_no_times() -> None:
    said = silence(state(Issue(A, DEFAULT, FIRST), Issue(A, DEFAULT, SECOND)), NOON_MS, {B: NoRange.OUTSIDE_HOURS})
    assert said.tickets == {FIRST: None, SECOND: None}
    assert said.ahead == {FIRST: 0, SECOND: 1, A: 2, B: 0}
    unknown = NoRange.UNKNOWN
    assert said.reasons == {FIRST: unknown, SECOND: unknown, A: unknown, B: NoRange.OUTSIDE_HOURS}
