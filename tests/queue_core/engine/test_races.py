"""Many hands at once: one effect a key, one counter a ticket, nobody lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from queue_core.domain.commands import (
    AddService,
    CallNext,
    CallTicket,
    ComeBack,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    ReserveNumbers,
    Serve,
    Undo,
)
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import EventType
from queue_core.domain.model import CounterId, Current, SeriesId, TicketId, TicketState
from queue_core.domain.office import CounterPlace
from queue_core.engine import Engine, Once
from tests.support import invariants
from tests.support.bench import Bench
from tests.support.zones import NEW, NORMAL, ONE, SHORT, TWO, text

COUNTERS = [CounterId(f"c{n}") for n in range(16)]


@pytest.fixture
async def processes(bench: Bench, store_url: str) -> AsyncIterator[list[Engine]]:
    """Four processes with connections of their own, sixteen open counters."""
    places = {c: CounterPlace(c, text(c), (NEW, SHORT)) for c in COUNTERS}
    await bench.restart(replace(bench.zone, counters={**bench.zone.counters, **places}))
    await bench.open_counters(*COUNTERS)
    async with bench.processes(store_url) as engines:
        yield engines


async def test_two_hundred_double_clicks_draw_one_ticket(bench: Bench, processes: list[Engine]) -> None:
    click = Issue(NEW, NORMAL), Once("kiosk", "one press")
    outcomes = await asyncio.gather(*(processes[n % 4].do(bench.zone.id, *click) for n in range(200)))
    assert {(o.epoch, o.seq, o.events[0].data["ticket"]) for o in outcomes} == {
        (outcomes[0].epoch, outcomes[0].seq, outcomes[0].events[0].data["ticket"])
    }
    assert sum(not o.repeated for o in outcomes) == 1
    assert (await bench.read()).ordinal == 1


async def test_draws_at_once_get_numbers_of_their_own(bench: Bench, processes: list[Engine]) -> None:
    outcomes = await asyncio.gather(*(processes[n % 4].do(bench.zone.id, Issue(NEW, NORMAL)) for n in range(200)))
    assert sorted(o.events[0].data["number"] for o in outcomes) == [f"A{n:03d}" for n in range(1, 201)]


async def test_sixteen_counters_calling_at_once_share_nobody_and_lose_nobody(
    bench: Bench, processes: list[Engine]
) -> None:
    drawn = {await bench.draw() for _ in range(48)}
    called: list[str] = []

    async def work(n: int) -> None:
        for _ in range(4):
            outcome = await processes[n % 4].do(bench.zone.id, CallNext(COUNTERS[n]))
            called.extend(e.data["ticket"] for e in outcome.events if e.type is EventType.CALLED)
            if outcome.events:
                await processes[(n + 1) % 4].do(bench.zone.id, Finish(COUNTERS[n]))

    await asyncio.gather(*(work(n) for n in range(16)))
    assert Counter(called) == Counter(drawn)
    assert (await bench.read()).totals == {TicketState.FINISHED: 48}


async def test_calls_at_once_go_to_those_who_came_first(bench: Bench, processes: list[Engine]) -> None:
    drawn = [await bench.draw() for _ in range(20)]
    outcomes = await asyncio.gather(*(processes[n % 4].do(bench.zone.id, CallNext(c)) for n, c in enumerate(COUNTERS)))
    by_seq = sorted(outcomes, key=lambda o: o.seq)
    assert [o.events[0].data["ticket"] for o in by_seq] == drawn[:16]


async def test_an_undo_against_calls_leaves_one_holder(bench: Bench, processes: list[Engine]) -> None:
    for _ in range(30):
        await bench.draw()

    async def call_and_undo(n: int) -> None:
        engine, counter = processes[n % 4], COUNTERS[n]
        for _ in range(5):
            await engine.do(bench.zone.id, CallNext(counter))
            await engine.do(bench.zone.id, Undo(counter))

    await asyncio.gather(*(call_and_undo(n) for n in range(16)))
    snapshot = await bench.read()
    assert {t.state for t in snapshot.tickets.values()} == {TicketState.WAITING}
    invariants.i3_one_counter_holds_a_ticket_at_a_counter(snapshot)
    assert len(snapshot.tickets) == 30


async def test_an_undone_and_at_once_called_ticket_has_one_of_both(bench: Bench, processes: list[Engine]) -> None:
    await bench.open_counters(ONE, TWO)
    for _ in range(10):
        ticket = await bench.draw(SHORT)
        await bench.do(CallNext(ONE))
        await asyncio.gather(processes[0].do(bench.zone.id, Undo(ONE)), processes[1].do(bench.zone.id, CallNext(TWO)))
        snapshot = await bench.read()
        invariants.i3_one_counter_holds_a_ticket_at_a_counter(snapshot)
        holder = snapshot.tickets[TicketId(ticket)].counter
        if not holder:
            await bench.do(CallNext(TWO))
        await bench.do(Finish(TWO))


async def test_a_counter_opened_by_two_at_once_is_opened_once(bench: Bench, processes: list[Engine]) -> None:
    async def opened(engine: Engine) -> Refusal | None:
        try:
            await engine.do(bench.zone.id, OpenCounter(ONE))
        except Refused as e:
            return e.code
        return None

    answers = await asyncio.gather(*map(opened, processes))
    assert Counter(answers) == {None: 1, Refusal.COUNTER_OPEN: 3}


async def test_whatever_happened_at_once_the_log_has_no_gap(bench: Bench, processes: list[Engine]) -> None:
    await asyncio.gather(*(processes[n % 4].do(bench.zone.id, Issue(NEW, NORMAL)) for n in range(50)))
    await asyncio.gather(*(processes[n % 4].do(bench.zone.id, CallNext(c)) for n, c in enumerate(COUNTERS)))
    log = [e async for e in bench.records.export()]
    invariants.i8_seq_has_no_gap(log)
    invariants.i3_only_waiting_or_set_aside_are_called(log)


async def at_once(bench: Bench, processes: list[Engine], *commands: Command) -> list[Refusal | None]:
    """Each by another process; what was refused."""

    async def send(n: int, command: Command) -> Refusal | None:
        try:
            await processes[n % 4].do(bench.zone.id, command)
        except Refused as e:
            return e.code
        return None

    return list(await asyncio.gather(*(send(n, command) for n, command in enumerate(commands))))


async def test_visitors_served_at_once_get_numbers_of_their_own(bench: Bench, processes: list[Engine]) -> None:
    refused = await at_once(bench, processes, *(Serve(c, NEW, NORMAL) for c in COUNTERS), *[Issue(NEW, NORMAL)] * 16)
    assert refused == [None] * 32
    state = await bench.read()
    assert sorted(t.number for t in state.tickets.values()) == [f"A{n:03d}" for n in range(1, 33)]
    invariants.i3_one_counter_holds_a_ticket_at_a_counter(state)


async def test_a_counter_serves_one_visitor_however_many_are_sent(bench: Bench, processes: list[Engine]) -> None:
    refused = await at_once(bench, processes, *[Serve(COUNTERS[0], NEW, NORMAL)] * 8)
    assert Counter(refused) == {None: 1, Refusal.COUNTER_BUSY: 7}
    assert (await bench.read()).ordinal == 1


async def test_a_lent_number_uploaded_at_once_is_taken_once(bench: Bench, processes: list[Engine]) -> None:
    await bench.do(ReserveNumbers(SeriesId("a"), 3, "kiosk"))
    claims = [Issue(NEW, NORMAL, lent_number=n, claimed_ms=bench.now_ms) for n in (1, 2, 3) for _ in range(5)]
    refused = await at_once(bench, processes, *claims)
    assert Counter(refused) == {None: 3, Refusal.NUMBER_TAKEN: 12}
    assert sorted(t.number for t in (await bench.read()).tickets.values()) == ["A001", "A002", "A003"]


async def test_who_comes_back_and_is_called_at_once_is_at_one_place(bench: Bench, processes: list[Engine]) -> None:
    ticket = await bench.draw()
    await bench.do(CallNext(COUNTERS[0]))
    await bench.do(Miss(COUNTERS[0]))
    calls = [CallTicket(ticket, counter, pick=True) for counter in COUNTERS[:4]]
    refused = await at_once(bench, processes, ComeBack(ticket), *calls, ComeBack(ticket))
    assert set(refused) <= {None, Refusal.WRONG_STATE}
    assert refused[1:5].count(None) == 1
    invariants.i3_one_counter_holds_a_ticket_at_a_counter(await bench.read())


async def test_a_service_added_while_the_visit_is_finished_is_served_or_refused(
    bench: Bench, processes: list[Engine]
) -> None:
    """Never accepted and then forgotten."""
    for counter in COUNTERS:
        ticket = await bench.draw(NEW)
        await bench.do(CallTicket(ticket, counter, pick=True))
        _, added = await at_once(bench, processes, Finish(counter), AddService(ticket, SHORT))
        after = await bench.ticket(ticket)
        if added:
            assert (added, after.state) == (Refusal.WRONG_STATE, TicketState.FINISHED)
        else:
            assert (after.state, after.service) == (TicketState.WAITING, SHORT)


async def test_visits_that_go_on_at_once_are_shared_by_nobody(bench: Bench, processes: list[Engine]) -> None:
    for _ in range(24):
        await bench.do(Issue(NEW, NORMAL, further=(SHORT,)))
    for _ in range(8):
        await at_once(bench, processes, *(CallNext(counter, Current.FINISH) for counter in COUNTERS))
        invariants.i3_one_counter_holds_a_ticket_at_a_counter(await bench.read())
    state = await bench.read()
    invariants.i6_issued_are_accounted_for(state)
    assert state.totals == {TicketState.FINISHED: 24}
