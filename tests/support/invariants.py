"""The invariants that hold at every moment, each as a check of its own. docs and tests call them by these names."""

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from itertools import pairwise

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import AT_COUNTER, Ticket, TicketState
from queue_core.domain.outcome import Outcome
from queue_core.domain.snapshot import Snapshot


def i1_numbers_are_unique_in_the_house(s: Snapshot) -> None:
    held = Tally((t.series, t.number) for t in s.tickets.values())
    assert [number for number, holders in held.items() if holders > 1] == []


def i2_a_repeat_gets_the_same_answer(first: Outcome, again: Outcome) -> None:
    assert again.repeated
    assert (again.epoch, again.seq, again.events) == (first.epoch, first.seq, first.events)
    assert (again.ticket(), again.counter()) == (first.ticket(), first.counter())


def i3_one_counter_holds_a_ticket_at_a_counter(s: Snapshot) -> None:
    by_tickets = {(t.id, t.counter) for t in s.tickets.values() if t.state in AT_COUNTER}
    by_counters = {(c.ticket, c.id) for c in s.counters.values() if c.ticket}
    assert by_tickets == by_counters


def i3_only_waiting_or_set_aside_are_called(events: Iterable[Event]) -> None:
    callable_states = {TicketState.WAITING, TicketState.PARKED, TicketState.MISSED}
    assert [e for e in events if e.type is EventType.CALLED and e.data["from"] not in callable_states] == []


def i4_acknowledged_is_in_the_log(log: Sequence[Event], acknowledged: Iterable[Outcome]) -> None:
    written = {(e.epoch, e.seq): e for e in log}
    assert [e for o in acknowledged for e in o.events if written.get((e.epoch, e.seq)) != e] == []


def i5_no_ticket_without_a_command(log: Iterable[Event], commands: Collection[str]) -> None:
    assert [e for e in log if e.command not in commands] == []
    drawn = Tally(e.command for e in log if e.type is EventType.ISSUED)
    assert [command for command, tickets in drawn.items() if tickets > 1] == []


def i6_issued_are_accounted_for(s: Snapshot) -> None:
    assert s.issued_today() == s.ordinal
    assert sum(s.issued.values()) <= s.ordinal


def i7_first_come_first_served(waiting: Iterable[Ticket], called: Ticket, disturbed: Collection[str]) -> None:
    """Among tickets that nobody has sent anywhere by hand, within service, class and head start: who drew first is
    called first. A ticket keeps its head start when a new configuration gives its class another one."""
    if called.id in disturbed or called.pin or called.booking:
        return
    head_start_ms = called.arrival_ms - called.rank_ms
    before = [
        t
        for t in waiting
        if (t.service, t.visitor_class, t.arrival_ms - t.rank_ms)
        == (called.service, called.visitor_class, head_start_ms)
        and t.id not in disturbed
        and not (t.pin or t.booking)
        and (t.arrival_ms, t.ordinal) < (called.arrival_ms, called.ordinal)
    ]
    assert before == []


def i8_seq_has_no_gap(log: Sequence[Event]) -> None:
    for one, following in pairwise(log):
        begins_epoch = following.epoch > one.epoch and following.seq == 1
        assert begins_epoch or (following.epoch, following.seq) == (one.epoch, one.seq + 1)


def i9_state_is_the_fold_of_the_log(state: Snapshot, folded: Snapshot) -> None:
    assert comparable(folded) == comparable(state)


def comparable(s: Snapshot) -> dict[str, object]:
    """A total of nobody is no total, and the order of records says nothing."""
    found: dict[str, object] = {f.name: getattr(s, f.name) for f in fields(s)}
    found["totals"] = {state: n for state, n in s.totals.items() if n}
    return found


def i10_a_stream_is_consecutive_or_restarts(seen: tuple[int, int], received: Sequence[Event]) -> None:
    epoch, seq = seen
    for event in received:
        assert event.type is EventType.EPOCH_STARTED or (event.epoch, event.seq) == (epoch, seq + 1)
        assert (event.epoch, event.seq) > (epoch, seq)
        epoch, seq = event.epoch, event.seq
