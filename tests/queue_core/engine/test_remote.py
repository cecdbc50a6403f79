"""Numbers drawn from elsewhere: they keep their place, are called once confirmed, and lapse in time."""

import asyncio
from dataclasses import replace

import pytest

from queue_core.domain.commands import CallNext, CallTicket, Cancel, ConfirmArrival, Issue, Transfer, Undo
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import EventType
from queue_core.domain.model import TicketId, TicketState
from queue_core.domain.office import Remote
from queue_core.engine import Once
from tests.support.bench import MORNING_MS, Bench
from tests.support.zones import NEW, NORMAL, ONE, zone

SHOWN = {"p10_s": 300, "p50_s": 600, "p90_s": 900}
CONFIRM_S = 600
#: The long end of the wait that was announced, and as long again as the rule says.
UNTIL_MS = MORNING_MS + 1_500_000
REMOTE = Remote(confirm_s=CONFIRM_S, open_most=3, day_most=5)


@pytest.fixture
async def home(bench: Bench) -> Bench:
    await bench.restart(zone(remote=REMOTE))
    await bench.open_counters(ONE)
    return bench


async def from_home(bench: Bench) -> TicketId:
    outcome = await bench.do(Issue(NEW, NORMAL, estimate=SHOWN, remote=True))
    return TicketId(outcome.events[-1].data["ticket"])


async def called(bench: Bench) -> str | None:
    outcome = await bench.do(CallNext(ONE, current=None))
    return outcome.events[-1].data["ticket"] if outcome.events else None


async def test_until_when_its_visitor_must_be_there(home: Bench) -> None:
    ticket = await home.ticket(await from_home(home))
    assert (ticket.state, ticket.confirm_by_ms, ticket.not_before_ms) == (TicketState.WAITING, UNTIL_MS, 0)


async def test_without_a_known_wait_it_is_the_rule_alone(home: Bench) -> None:
    outcome = await home.do(Issue(NEW, NORMAL, remote=True))
    assert outcome.events[-1].data["confirm_by_ms"] == MORNING_MS + 1000 * CONFIRM_S


async def test_nobody_is_called_who_has_not_confirmed(home: Bench) -> None:
    await from_home(home)
    nobody = await home.do(CallNext(ONE))
    assert (nobody.events, nobody.more) == ((), {})
    shown = await home.engine.next(home.zone.id, ONE)
    assert (shown.candidates, shown.not_before_ms) == ([], None)


async def test_whoever_is_there_goes_first_and_the_place_is_kept(home: Bench) -> None:
    remote = await from_home(home)
    here, later = await home.draw(), await home.draw()
    assert [c.ticket.id for c in (await home.engine.next(home.zone.id, ONE)).candidates] == [here, later]
    await home.do(ConfirmArrival(remote))
    assert [c.ticket.id for c in (await home.engine.next(home.zone.id, ONE)).candidates] == [remote, here, later]
    assert await called(home) == remote


async def test_a_confirmed_ticket_is_one_like_any_other(home: Bench) -> None:
    remote = await from_home(home)
    outcome = await home.do(ConfirmArrival(remote))
    [event] = outcome.events
    assert (event.type, event.data["by"], event.data["from"]) == ("confirmed", "visitor", "waiting")
    assert outcome.ticket() == {"id": remote, "number": "A001", "service": NEW, "state": "waiting"}
    assert (await home.ticket(remote)).confirm_by_ms == 0
    assert await home.refusal(ConfirmArrival(remote)) is Refusal.NOTHING_TO_CONFIRM


async def test_who_drew_in_the_house_has_nothing_to_confirm(home: Bench) -> None:
    assert await home.refusal(ConfirmArrival(await home.draw())) is Refusal.NOTHING_TO_CONFIRM


async def test_it_can_be_confirmed_until_the_last_moment(home: Bench) -> None:
    remote = await from_home(home)
    await home.set_time(UNTIL_MS - 1)
    await home.do(ConfirmArrival(remote))


async def test_not_a_moment_later(home: Bench) -> None:
    remote = await from_home(home)
    await home.set_time(UNTIL_MS)
    refused = await home.refused(ConfirmArrival(remote))
    assert (refused.code, refused.details["until_ms"]) == (Refusal.CONFIRM_TOO_LATE, UNTIL_MS)


async def test_a_lapsed_ticket_is_never_called_and_told_of_with_the_next_call(home: Bench) -> None:
    remote, here = await from_home(home), await home.draw()
    before = await home.read()
    await home.set_time(UNTIL_MS)
    outcome = await home.do(CallNext(ONE))
    assert [e.data["ticket"] for e in outcome.events] == [here]
    assert outcome.events[0].seq == before.seq + 2
    assert (await home.ticket(remote)).state is TicketState.CANCELLED
    assert (await home.read()).totals[TicketState.CANCELLED] == 1


async def test_it_lapses_though_nobody_else_is_there(home: Bench) -> None:
    remote = await from_home(home)
    await home.set_time(UNTIL_MS)
    assert not (await home.do(CallNext(ONE))).events
    assert (await home.ticket(remote)).state is TicketState.CANCELLED


async def test_the_log_says_that_it_lapsed(home: Bench) -> None:
    remote = await from_home(home)
    await home.set_time(UNTIL_MS)
    await home.do(CallNext(ONE))
    [lapsed] = [e async for e in home.records.export() if e.data.get("ticket") == remote and e.type == "cancelled"]
    assert lapsed.data["by"] == "lapse"


async def test_undoing_a_call_does_not_bring_back_who_lapsed(home: Bench) -> None:
    remote, here = await from_home(home), await home.draw()
    await home.set_time(UNTIL_MS)
    await home.do(CallNext(ONE))
    await home.do(Undo(ONE))
    assert (await home.ticket(here)).state is TicketState.WAITING
    assert (await home.ticket(remote)).state is TicketState.CANCELLED


async def test_a_repeated_call_gets_the_same_answer(home: Bench) -> None:
    await from_home(home)
    here, once = await home.draw(), Once("desk", "press-1")
    await home.set_time(UNTIL_MS)
    first = await home.do(CallNext(ONE), once)
    again = await home.do(CallNext(ONE), once)
    assert again.repeated
    assert [e.data["ticket"] for e in again.events] == [e.data["ticket"] for e in first.events] == [here]


async def test_staff_may_call_it_all_the_same(home: Bench) -> None:
    remote = await from_home(home)
    await home.do(CallTicket(remote, ONE, pick=True))
    assert (await home.ticket(remote)).confirm_by_ms == 0
    await home.do(Undo(ONE))
    assert (await home.ticket(remote)).confirm_by_ms == UNTIL_MS


async def test_sent_elsewhere_it_still_has_to_be_confirmed(home: Bench) -> None:
    remote = await from_home(home)
    await home.do(Transfer(remote, to_counter=ONE))
    assert await called(home) is None
    await home.do(ConfirmArrival(remote))
    assert await called(home) == remote


async def test_only_so_many_at_a_time(home: Bench) -> None:
    first, *_ = [await from_home(home) for _ in range(3)]
    refused = await home.refused(Issue(NEW, NORMAL, estimate=SHOWN, remote=True))
    assert (refused.code, refused.details) == (Refusal.REMOTE_EXHAUSTED, {"most": 3})
    await home.do(ConfirmArrival(first))
    await from_home(home)


async def test_lapsed_ones_take_nobodys_place(home: Bench) -> None:
    for _ in range(3):
        await from_home(home)
    await home.set_time(UNTIL_MS)
    await from_home(home)


async def test_only_so_many_a_day(home: Bench) -> None:
    for _ in range(5):
        await home.do(ConfirmArrival(await from_home(home)))
    refused = await home.refused(Issue(NEW, NORMAL, remote=True))
    assert (refused.code, refused.details) == (Refusal.REMOTE_EXHAUSTED, {"most": 5})
    assert (await home.read()).remote == 5
    await home.draw()
    await home.next_day()
    assert (await home.read()).remote == 0


async def test_where_the_zone_does_not_allow_it(bench: Bench) -> None:
    assert await bench.refusal(Issue(NEW, NORMAL, remote=True)) is Refusal.REMOTE_NOT_OFFERED


async def test_a_day_ends_for_them_as_for_all(home: Bench) -> None:
    await from_home(home)
    await home.next_day()
    assert not (await home.read()).tickets


async def test_the_log_tells_the_same_state(home: Bench) -> None:
    """I9, with every step that a remote ticket can take."""
    confirmed, _, given_back = await from_home(home), await from_home(home), await from_home(home)
    await home.do(ConfirmArrival(confirmed))
    await home.do(Cancel(given_back, "visitor"))
    await home.set_time(UNTIL_MS)
    await home.do(CallNext(ONE))
    folded = replace(await home.read())
    fold = type(folded)()
    async for event in home.records.export():
        fold.fold(event)
    assert fold == folded


@pytest.mark.parametrize("confirms_first", [True, False], ids=["confirm-call", "call-confirm"])
async def test_confirming_and_calling_at_once(home: Bench, confirms_first: bool) -> None:
    """Either the call comes too early for it, or it finds it: never both, never twice."""
    remote = await from_home(home)
    moves = (ConfirmArrival(remote), CallNext(ONE))
    outcomes = await asyncio.gather(*(home.do(m) for m in (moves if confirms_first else reversed(moves))))
    is_called = any(e.type is EventType.CALLED for o in outcomes for e in o.events)
    assert (await home.ticket(remote)).state is (TicketState.CALLED if is_called else TicketState.WAITING)
    assert is_called or await called(home) == remote


@pytest.mark.parametrize("before_ms", [1, 0, -1], ids=["in-time", "in-that-moment", "too-late"])
@pytest.mark.parametrize("confirms_first", [True, False], ids=["confirm-call", "call-confirm"])
async def test_confirming_calling_and_lapsing_at_once(home: Bench, before_ms: int, confirms_first: bool) -> None:
    """In time it is called sooner or later; from that moment on it has lapsed, whoever asks first."""
    remote = await from_home(home)
    await home.set_time(UNTIL_MS - before_ms)
    moves = (ConfirmArrival(remote), CallNext(ONE))
    asked = (home.do(m) for m in (moves if confirms_first else reversed(moves)))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    refused = [o.code for o in outcomes if isinstance(o, Refused)]
    if before_ms > 0:
        assert not refused
        is_called = (await home.ticket(remote)).state is TicketState.CALLED
        assert is_called or await called(home) == remote
    else:
        assert refused in ([Refusal.CONFIRM_TOO_LATE], [Refusal.WRONG_STATE])
        assert (await home.ticket(remote)).state is TicketState.CANCELLED
