"""Appointments of today as desks see them: counted, in order, without a code."""

from dataclasses import replace

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import TicketId
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.views import states
from queue_core.domain.views.expected import Expected, expected
from queue_core.domain.views.patch import diff, merge
from queue_core.domain.views.view import View
from tests.queue_core.domain.views.scenes import NINE_MS, Morning
from tests.support.zones import NEW, NORMAL, PRIORITY, SHORT

HALF_MS = 1_800_000
DAY_MS = 86_400_000
HALF_PAST_NINE_MS, TEN_MS = NINE_MS + HALF_MS, NINE_MS + 2 * HALF_MS


class Diary:
    """What is booked, as the log tells it."""

    def __init__(self) -> None:
        self.state = Snapshot(epoch=1, day="2026-10-05", day_from_ms=NINE_MS, day_to_ms=NINE_MS + DAY_MS)
        self.kept = Expected()

    def do(self, kind: EventType, booking: str, **data: object) -> None:
        event = Event(1, self.state.seq + 1, NINE_MS, kind, "command", {"booking": booking, **data})
        self.state.fold(event)
        self.kept.fold(event)

    def book(self, booking: str, slot_ms: int, service: str = NEW, visitor_class: str = NORMAL) -> None:
        self.do(EventType.BOOKED, booking, service=service, visitor_class=visitor_class, slot_ms=slot_ms)

    def seen(self) -> list[tuple[int, int]]:
        assert self.kept.of(self.state) == expected(self.state)
        return [(record["slot_ms"], record["count"]) for record in self.kept.of(self.state)]

    def shown(self) -> dict[str, object]:
        return states.state(View.DESK, replace(Morning().scene(), snapshot=self.state))


def test_they_come_in_the_order_of_their_slots_and_those_alike_are_counted() -> None:
    diary = Diary()
    diary.book("K7M29QXT", TEN_MS)
    diary.book("K7M29QX2", HALF_PAST_NINE_MS)
    diary.book("K7M29QX3", TEN_MS)
    assert diary.seen() == [(HALF_PAST_NINE_MS, 1), (TEN_MS, 2)]


def test_another_service_or_class_is_another_line() -> None:
    diary = Diary()
    diary.book("K7M29QXT", TEN_MS)
    diary.book("K7M29QX2", TEN_MS, SHORT)
    diary.book("K7M29QX3", TEN_MS, visitor_class=PRIORITY)
    assert diary.seen() == [(TEN_MS, 1)] * 3


def test_those_of_other_days_are_not_shown() -> None:
    diary = Diary()
    diary.book("K7M29QXT", TEN_MS + DAY_MS)
    assert diary.seen() == []


def test_whoever_checks_in_cancels_or_moves_leaves_the_line() -> None:
    diary = Diary()
    for booking in ("first", "second", "third"):
        diary.book(booking, HALF_PAST_NINE_MS)
    assert diary.seen() == [(HALF_PAST_NINE_MS, 3)]
    diary.do(EventType.CHECKED_IN, "first")
    assert diary.seen() == [(HALF_PAST_NINE_MS, 2)]
    diary.do(EventType.BOOKING_CANCELLED, "second")
    assert diary.seen() == [(HALF_PAST_NINE_MS, 1)]
    diary.do(EventType.BOOKING_MOVED, "third", slot_ms=TEN_MS)
    assert diary.seen() == [(TEN_MS, 1)]


def test_no_view_tells_a_code_before_it_is_used() -> None:
    diary = Diary()
    diary.book("K7M29QXT", TEN_MS)
    scene = replace(Morning().scene(), snapshot=diary.state)
    assert all("K7M29QXT" not in str(states.state(view, scene, TicketId("t"))) for view in View)
    assert diary.shown()["bookings"] != []


def test_they_are_made_anew_only_when_one_of_them_has_changed() -> None:
    diary = Diary()
    diary.book("K7M29QXT", TEN_MS)
    before = diary.kept.of(diary.state)
    diary.do(EventType.SERVICE_CLOSED, "", service=NEW)
    assert diary.kept.of(diary.state) is before


def test_a_client_that_follows_has_them_in_the_same_order() -> None:
    diary = Diary()
    diary.book("K7M29QXT", TEN_MS)
    before = diary.shown()
    diary.book("K7M29QX2", HALF_PAST_NINE_MS)
    diary.book("K7M29QX4", HALF_PAST_NINE_MS, SHORT)
    diary.book("K7M29QX3", TEN_MS)
    after = diary.shown()
    assert merge(before, diff(before, after)) == after
