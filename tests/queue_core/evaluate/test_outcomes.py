from dataclasses import replace

from queue_core.domain.events import Event, EventType
from queue_core.evaluate.outcomes import outcomes
from tests.queue_core.evaluate.days import T1, T2, T3, log


def undone(call: Event, seq: int) -> Event:
    """The call was a mistake: its ticket waits again."""
    data = {
        "counter": call.data["counter"],
        "undoes_seq": call.seq,
        "undoes_count": 1,
        "tickets": [{"id": call.data["ticket"], "state": "waiting"}],
        "counter_record": {"id": call.data["counter"]},
    }
    return replace(call, seq=seq, type=EventType.UNDONE, data=data)


def test_a_wait_runs_from_the_draw_to_the_first_call() -> None:
    called_at_once, waited, _ = outcomes(log())
    assert (called_at_once.ticket, called_at_once.wait_s, called_at_once.counts) == (T1, 5, False)
    assert (waited.ticket, waited.wait_s, waited.counts) == (T2, 600, True)


def test_who_is_never_called_is_censored() -> None:
    left = outcomes(log())[2]
    assert (left.ticket, left.called_ms, left.counts) == (T3, 0, False)


def test_the_second_call_of_a_ticket_does_not_count() -> None:
    events = log()
    again = replace(events[-1], seq=events[-1].seq + 1, at_ms=events[-1].at_ms + 60_000)
    assert outcomes([*events, again])[1].wait_s == 600


def test_an_undone_call_was_none() -> None:
    events = log()
    taken_back = undone(events[-1], events[-1].seq + 1)
    again = replace(events[-1], seq=taken_back.seq + 1, at_ms=events[-1].at_ms + 120_000)
    assert outcomes([*events, taken_back])[1].called_ms == 0
    assert outcomes([*events, taken_back, again])[1].wait_s == 720


def test_the_wait_of_an_appointment_begins_at_its_slot() -> None:
    events = log()
    drawn = next(e for e in events if e.type is EventType.ISSUED and e.data["ticket"] == T2)
    booked = replace(drawn, data={**drawn.data, "slot_ms": drawn.at_ms + 400_000})
    outcome = outcomes([booked if e is drawn else e for e in events])[1]
    assert (outcome.wait_s, outcome.until_call_s) == (200, 600)
