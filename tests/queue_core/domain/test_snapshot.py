"""State is the fold of the log; a gap or an illegal move is no state."""

from collections import Counter
from typing import Any

import pytest

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import LAST_CALLS_KEPT, LENT_KEPT_MS, CounterState, TicketState
from queue_core.domain.snapshot import LogGap, Snapshot
from tests.queue_core.domain.views.scenes import Morning


class Log:
    """Folds events as they are written."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()
        state = {"day": "2030-01-16", "counters": [{"id": "1"}, {"id": "2"}], "services": {"new": True, "short": True}}
        self.add("epoch_started", state={**state, "tickets": {}, "bookings": {}}, cause="fresh")

    def add(self, kind: str, at_ms: int = 1000, **data: Any) -> Snapshot:
        seq = 1 if kind == "epoch_started" else self.snapshot.seq + 1
        self.snapshot.fold(Event(1, seq, at_ms, EventType(kind), "c", data))
        return self.snapshot

    def issue(self, ticket: str = "t", **more: Any) -> Snapshot:
        n = self.snapshot.ordinal + 1
        fields: dict[str, Any] = {
            "number": f"A{n:03d}",
            "series": "a",
            "n": n,
            "service": "new",
            "visitor_class": "normal",
            "ordinal": n,
            "issued_ms": 1000,
            "arrival_ms": 1000,
            "rank_ms": 1000,
        }
        return self.add("issued", ticket=ticket, **(fields | more))

    def about(self, kind: str, ticket: str = "t", **more: Any) -> Snapshot:
        t = self.snapshot.tickets[ticket]  # type: ignore[index]
        return self.add(kind, ticket=ticket, number=t.number, service=more.pop("service", t.service), **more)


@pytest.fixture
def log() -> Log:
    return Log()


def test_empty_lists_may_come_as_empty_objects(log: Log) -> None:
    assert (log.snapshot.tickets, log.snapshot.bookings) == ({}, {})


def test_an_issued_ticket_waits_and_counts(log: Log) -> None:
    s = log.issue()
    assert [t.state for t in s.waiting()] == [TicketState.WAITING]
    assert (s.issued, s.series_last, s.ordinal, s.issued_today()) == ({"new": 1}, {"a": 1}, 1, 1)


def test_appointments_are_no_draws_and_lent_numbers_move_no_series(log: Log) -> None:
    log.issue("t1", booking="b", slot_ms=5)
    s = log.issue("t2", lent=True, n=50)
    assert (s.issued, s.series_last) == ({"new": 1}, {"a": 1})


def test_a_visit_goes_its_way(log: Log) -> None:
    log.issue()
    s = log.about("called", counter="1")
    assert (s.counters["1"].ticket, s.calls[0].ticket) == ("t", "t")  # type: ignore[index]
    log.about("started", counter="1", at_ms=2000)
    s = log.about("finished", counter="1", at_ms=3000)
    assert (s.tickets, s.totals, s.counters["1"].ticket) == ({}, {TicketState.FINISHED: 1}, "")  # type: ignore[index]


def test_a_recall_renews_its_line(log: Log) -> None:
    log.issue("t1")
    log.issue("t2")
    log.about("called", "t1", counter="1")
    log.about("called", "t2", counter="2")
    s = log.about("recalled", "t1", counter="1", recalls=1)
    assert [(c.ticket, c.recalls) for c in s.calls] == [("t1", 1), ("t2", 0)]


def test_only_so_many_calls_are_listed(log: Log) -> None:
    for n in range(LAST_CALLS_KEPT + 2):
        log.issue(f"t{n}")
        log.about("called", f"t{n}", counter="1")
        log.about("missed", f"t{n}", counter="1")
    assert [c.ticket for c in log.snapshot.calls] == [f"t{n}" for n in range(LAST_CALLS_KEPT + 1, 1, -1)]


def test_a_closing_counter_drops_its_pins(log: Log) -> None:
    log.issue()
    log.about("transferred", rank_ms=5, pin="2", service="short")
    s = log.add("counter_closed", counter="2")
    assert (s.tickets["t"].pin, s.tickets["t"].service) == ("", "short")  # type: ignore[index]


def test_an_undone_finish_brings_the_ticket_back(log: Log) -> None:
    log.issue()
    log.about("called", counter="1")
    log.about("started", counter="1")
    ticket, counter = log.snapshot.tickets["t"].to_json(), log.snapshot.counters["1"].to_json()  # type: ignore[index]
    log.about("finished", counter="1")
    s = log.add("undone", counter="1", undoes_seq=5, undoes_count=1, tickets=[ticket], counter_record=counter)
    assert (s.tickets["t"].state, s.counters["1"].ticket) == (TicketState.SERVING, "t")  # type: ignore[index]
    assert s.issued_today() == 1


def test_a_new_day_forgets_the_old_but_keeps_what_is_booked_for_later(log: Log) -> None:
    log.issue()
    log.about("expired")
    log.add("service_closed", service="new")
    log.add("numbers_reserved", series="a", first=2, last=5, holder="k")
    log.add("booked", booking="old", service="new", visitor_class="normal", slot_ms=10)
    log.add("booked", booking="next", service="new", visitor_class="normal", slot_ms=90)
    s = log.add("day_rolled", day="2030-01-17", from_day="2030-01-16", day_from_ms=50, day_to_ms=100)
    assert (s.day, s.ordinal, s.totals, s.issued, s.series_last) == ("2030-01-17", 0, {}, {}, {})
    assert (s.services, list(s.bookings)) == ({"new": True, "short": True}, ["next"])


def test_an_ended_day_proves_what_it_lent_for_a_while(log: Log) -> None:
    log.add("numbers_reserved", series="a", first=2, last=5, holder="k")
    [block] = log.snapshot.lent
    day: dict[str, Any] = {"day": "2030-01-17", "from_day": "2030-01-16", "day_to_ms": 100}
    assert log.add("day_rolled", **day, day_from_ms=block.at_ms + LENT_KEPT_MS).lent == (block,)
    assert log.add("day_rolled", **day, day_from_ms=block.at_ms + LENT_KEPT_MS + 1).lent == ()


def test_a_configuration_keeps_what_it_still_names(log: Log) -> None:
    log.add("counter_opened", counter="1")
    log.add("service_closed", service="new")
    s = log.add("configured", digest="d", services=["new", "extra"], counters=["1", "3"])
    assert s.services == {"new": False, "extra": True}
    assert [c.state for c in s.counters.values()] == [CounterState.OPEN, CounterState.CLOSED]


def test_a_gap_is_no_state(log: Log) -> None:
    with pytest.raises(LogGap, match="after 1-1 came 1-3"):
        log.snapshot.fold(Event(1, 3, 0, EventType.SERVICE_CLOSED, "c", {"service": "new"}))


def test_an_illegal_move_is_no_state(log: Log) -> None:
    log.issue()
    with pytest.raises(ValueError, match="ticket is waiting"):
        log.about("started", counter="1")


def test_a_new_epoch_replaces_everything(log: Log) -> None:
    log.issue()
    log.snapshot.fold(
        Event(9, 1, 5, EventType.EPOCH_STARTED, "c", {"state": {"day": "2030-01-16"}, "cause": "restored"})
    )
    assert (log.snapshot.epoch, log.snapshot.seq, log.snapshot.tickets) == (9, 1, {})


def test_tickets_are_counted_by_service_and_state_as_they_move() -> None:
    morning = Morning()
    for _ in morning.random_events(seed=3, commands=300):
        s = morning.model.state
        assert s.standing == Counter((t.service, t.state) for t in s.tickets.values())


def test_at_rest_is_a_zone_with_nobody_in_and_no_counter_open(log: Log) -> None:
    assert log.snapshot.is_at_rest()
    assert not log.issue().is_at_rest()
    assert log.about("cancelled", by="staff").is_at_rest()
    assert not log.add("counter_opened", counter="1").is_at_rest()
    assert not log.add("counter_paused", counter="1").is_at_rest()
    assert log.add("counter_closed", counter="1").is_at_rest()
