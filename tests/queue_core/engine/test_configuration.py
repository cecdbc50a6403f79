"""A changed file meets a living zone: no ticket is lost, and who is inside is served to the end."""

import asyncio
from dataclasses import replace

from queue_core.domain.commands import CallNext, CloseService, Finish, Issue, Start, Transfer
from queue_core.domain.errors import Refusal
from queue_core.domain.events import EventType
from queue_core.domain.model import CounterState, SeriesId
from queue_core.domain.office import CounterPlace, Service, Zone
from queue_core.store.connection import connect
from tests.support.bench import Bench
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, TWO, text, zone


def without_short(plain: Zone) -> Zone:
    """Neither the service `short`, nor the class, nor the second counter."""
    return replace(
        plain,
        services={NEW: plain.services[NEW]},
        counters={ONE: replace(plain.counters[ONE], services=(NEW,))},
        classes={NORMAL: plain.classes[NORMAL]},
    )


async def configurations(bench: Bench) -> int:
    return len([e async for e in bench.records.export() if e.type is EventType.CONFIGURED])


async def test_the_same_file_is_no_event(bench: Bench) -> None:
    await bench.restart(zone())
    await bench.restart(zone(name=text("Another name")))
    assert await configurations(bench) == 1


async def test_processes_that_start_at_once_configure_once(bench: Bench, store_url: str) -> None:
    changed = without_short(bench.zone)
    clients = [connect(store_url) for _ in range(6)]
    processes = [bench.process(changed, client) for client in clients]
    await asyncio.gather(*(process.open() for process in processes))
    assert await configurations(bench) == 2
    for client in clients:
        await client.aclose()


async def test_a_new_zone_is_opened_once_by_processes_that_start_at_once(store_url: str) -> None:
    clients = [connect(store_url) for _ in range(6)]
    benches = [Bench(client, zone("fresh")) for client in clients]
    await asyncio.gather(*(b.engine.do(b.zone.id, Issue(NEW, NORMAL)) for b in benches for _ in range(3)))
    log = [e async for e in benches[0].records.export()]
    assert [e.type for e in log[:2]] == [EventType.EPOCH_STARTED, EventType.CONFIGURED]
    assert [e.type for e in log[2:]] == [EventType.ISSUED] * 18
    for client in clients:
        await client.aclose()


async def test_tickets_keep_their_place_under_a_changed_file(bench: Bench) -> None:
    await bench.open_counters(ONE)
    first, second = await bench.draw(), await bench.draw()
    await bench.do(CallNext(ONE))
    await bench.restart(replace(bench.zone, services={**bench.zone.services, NEW: replace(bench.zone.services[NEW])}))
    await bench.restart(without_short(bench.zone))
    await bench.do(Finish(ONE))
    called = (await bench.do(CallNext(ONE))).ticket()
    assert called is not None
    assert called["id"] == second != first


async def test_a_removed_service_serves_who_is_inside_and_draws_nobody(bench: Bench) -> None:
    inside = await bench.draw(SHORT, PRIORITY)
    await bench.restart(without_short(bench.zone))
    assert await bench.refusal(Issue(SHORT, NORMAL)) is Refusal.OUTSIDE_HOURS
    await bench.open_counters(ONE)
    called = (await bench.do(CallNext(ONE))).ticket()
    assert called is not None
    assert called["id"] == inside
    await bench.do(Finish(ONE))
    await bench.restart(without_short(zone()))
    assert (await bench.read()).services.keys() == {NEW}
    assert await bench.refusal(Issue(SHORT, NORMAL)) is Refusal.UNKNOWN_SERVICE


async def test_a_removed_counter_finishes_what_it_holds(bench: Bench) -> None:
    await bench.open_counters(TWO)
    await bench.draw(SHORT)
    await bench.do(CallNext(TWO))
    await bench.restart(replace(bench.zone, counters={ONE: bench.zone.counters[ONE]}))
    await bench.do(Start(TWO))
    await bench.do(Finish(TWO))
    await bench.restart(replace(zone(), counters={ONE: zone().counters[ONE]}))
    assert (await bench.read()).counters.keys() == {ONE}


async def test_a_pin_to_a_removed_counter_keeps_the_counter_until_it_falls(bench: Bench) -> None:
    await bench.open_counters(TWO)
    await bench.do(Transfer(await bench.draw(SHORT), to_counter=TWO))
    await bench.restart(replace(bench.zone, counters={ONE: bench.zone.counters[ONE]}))
    assert (await bench.counter(TWO)).state is CounterState.OPEN


async def test_leftovers_go_with_the_day(bench: Bench) -> None:
    await bench.draw(SHORT)
    await bench.restart(without_short(bench.zone))
    await bench.next_day()
    assert (await bench.read()).services.keys() == {NEW}


async def test_a_new_service_and_counter_work_at_once(bench: Bench) -> None:
    extra = Service(replace(bench.zone.services[NEW]).id, text("New"), SeriesId("a"))
    await bench.restart(without_short(bench.zone))
    await bench.restart(replace(zone(), services={**zone().services, NEW: extra}))
    await bench.draw(SHORT)
    await bench.open_counters(TWO)
    assert (await bench.do(CallNext(TWO))).events != ()


async def test_a_ticket_stop_survives_a_changed_file(bench: Bench) -> None:
    await bench.do(CloseService(NEW))
    await bench.restart(without_short(bench.zone))
    assert await bench.refusal(Issue(NEW, NORMAL)) is Refusal.SERVICE_CLOSED


async def test_a_process_with_an_older_file_goes_on_with_the_zone_as_it_is(bench: Bench) -> None:
    older = bench.process(without_short(zone()))
    await older.open()
    newer = bench.process(
        zone(counters={**zone().counters, ONE: CounterPlace(ONE, text("Counter 1"), (SHORT, NEW), {NEW: 60})})
    )
    await newer.open()
    await newer.do(bench.zone.id, Issue(SHORT, NORMAL))
    bench.engine = older
    await bench.open_counters(ONE, TWO)
    assert (await bench.do(CallNext(TWO))).events != ()
    await bench.do(Issue(SHORT, NORMAL))
    await bench.do(Finish(TWO))
    await bench.next_day()
    assert (await bench.read()).tickets == {}
