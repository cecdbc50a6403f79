"""Numbers that a device gave out while the server was away."""

import pytest

from queue_core.domain.commands import CallNext, Finish, Issue, ReserveNumbers
from queue_core.domain.errors import Refusal
from queue_core.domain.model import LENT_KEPT_MS, SeriesId, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import Series
from queue_core.engine import Once
from tests.support.bench import DAY_MS, MINUTE_MS, MORNING_MS, Bench
from tests.support.zones import NEW, NORMAL, ONE, PRIORITY, SHORT, zone

A, N = SeriesId("a"), SeriesId("n")
OUTAGE_MS = MORNING_MS + 10 * MINUTE_MS


@pytest.fixture
async def lent(bench: Bench) -> Bench:
    """N01 to N05 lent to a kiosk in the morning; an outage of ten minutes, ten minutes later."""
    plain = zone()
    await bench.restart(zone(series={**plain.series, N: Series(N, "N", 1, 20, 2)}))
    await bench.do(ReserveNumbers(N, 5, "kiosk"))
    await bench.set_time(OUTAGE_MS + 10 * MINUTE_MS)
    return bench


def claim(n: int, claimed_ms: int, service: ServiceId = NEW, series: SeriesId = N, outage_ms: int = OUTAGE_MS) -> Issue:
    return Issue(service, NORMAL, lent_number=n, claimed_ms=claimed_ms, series=series, outage_ms=outage_ms)


async def taken(bench: Bench, command: Issue) -> Ticket:
    return await bench.ticket(TicketId((await bench.do(command)).events[0].data["ticket"]))


async def test_any_service_takes_a_number_of_the_emergency_series(lent: Bench) -> None:
    for n, service in ((1, NEW), (2, SHORT)):
        ticket = await taken(lent, claim(n, OUTAGE_MS + n, service))
        assert (ticket.number, ticket.series, ticket.service) == (f"N0{n}", N, service)
    assert (await lent.read()).issued == {NEW: 1, SHORT: 1}


async def test_it_ranks_by_the_moment_when_it_was_given_out(lent: Bench) -> None:
    online = await lent.draw(NEW)
    outcome = await lent.do(
        Issue(NEW, PRIORITY, lent_number=1, claimed_ms=OUTAGE_MS + 1, series=N, outage_ms=OUTAGE_MS)
    )
    ticket = await lent.ticket(TicketId(outcome.events[0].data["ticket"]))
    assert (ticket.arrival_ms, ticket.rank_ms) == (OUTAGE_MS + 1, OUTAGE_MS + 1 - 20 * MINUTE_MS)
    await lent.open_counters(ONE)
    called = (await lent.do(CallNext(ONE))).ticket()
    assert called is not None
    assert called["id"] == ticket.id != online


@pytest.mark.parametrize(
    ("claimed_ms", "arrival_ms"),
    [
        (MORNING_MS, OUTAGE_MS),
        (OUTAGE_MS + MINUTE_MS, OUTAGE_MS + MINUTE_MS),
        (OUTAGE_MS + 60 * MINUTE_MS, OUTAGE_MS + 10 * MINUTE_MS),
    ],
    ids=["before the outage", "within it", "in the future"],
)
async def test_nobody_claims_a_place_before_the_outage_or_after_now(
    lent: Bench, claimed_ms: int, arrival_ms: int
) -> None:
    assert (await taken(lent, claim(1, claimed_ms))).arrival_ms == arrival_ms


async def test_no_number_was_given_out_before_it_was_lent(lent: Bench) -> None:
    """Whatever the kiosk's clock says, and whenever it believes that the outage began."""
    await lent.set_time(OUTAGE_MS + 20 * MINUTE_MS)
    await lent.do(ReserveNumbers(N, 5, "kiosk"))
    await lent.set_time(OUTAGE_MS + 30 * MINUTE_MS)
    assert (await taken(lent, claim(6, OUTAGE_MS))).arrival_ms == OUTAGE_MS + 20 * MINUTE_MS


async def test_an_outage_that_nobody_knows_of_began_when_its_number_was_lent(lent: Bench) -> None:
    snapshot = await lent.read()
    day_from_ms, lent_ms = snapshot.day_from_ms, snapshot.lent[0].at_ms
    assert (await taken(lent, claim(1, day_from_ms, outage_ms=0))).arrival_ms == lent_ms
    assert (await taken(lent, claim(2, OUTAGE_MS, outage_ms=day_from_ms - 1))).arrival_ms == OUTAGE_MS


async def test_a_number_has_one_holder_in_the_house(lent: Bench) -> None:
    await lent.do(claim(1, OUTAGE_MS))
    refused = await lent.refused(claim(1, OUTAGE_MS))
    assert (refused.code, refused.details["number"]) == (Refusal.NUMBER_TAKEN, "N01")


async def test_a_repeated_upload_has_one_effect(lent: Bench) -> None:
    first = await lent.do(claim(1, OUTAGE_MS), Once("kiosk", "k"))
    again = await lent.do(claim(1, OUTAGE_MS), Once("kiosk", "k"))
    assert (again.repeated, again.events) == (True, first.events)
    await lent.next_day()
    late = await lent.do(claim(1, OUTAGE_MS), Once("kiosk", "k"))
    assert (late.repeated, late.events) == (True, first.events)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (claim(6, OUTAGE_MS), Refusal.NUMBER_NOT_LENT),
        (claim(1, OUTAGE_MS, series=A), Refusal.NUMBER_NOT_LENT),
        (claim(1, OUTAGE_MS, series=SeriesId("")), Refusal.NUMBER_NOT_LENT),
        (claim(1, OUTAGE_MS, series=SeriesId("none")), Refusal.UNKNOWN_SERIES),
        (claim(1, OUTAGE_MS, service=ServiceId("none")), Refusal.UNKNOWN_SERVICE),
        (claim(1, MORNING_MS - DAY_MS), Refusal.NUMBER_NOT_LENT),
    ],
    ids=["beyond the block", "another series", "the service's series", "no series", "no service", "lent only later"],
)
async def test_what_cannot_be_proven_is_refused(lent: Bench, command: Issue, refusal: Refusal) -> None:
    assert await lent.refusal(command) is refusal
    assert (await lent.read()).ordinal == 0


async def test_a_claim_of_an_ended_day_is_recorded_and_expires_in_one_move(lent: Bench) -> None:
    await lent.next_day()
    outcome = await lent.do(claim(1, OUTAGE_MS + 1))
    assert [(e.type.value, e.data.get("belated")) for e in outcome.events] == [("issued", True), ("expired", True)]
    ticket = await lent.ticket(TicketId(outcome.events[0].data["ticket"]))
    assert (ticket.state, ticket.number, ticket.arrival_ms) == (TicketState.EXPIRED, "N01", OUTAGE_MS + 1)
    snapshot = await lent.read()
    assert (snapshot.tickets, snapshot.totals, snapshot.issued) == ({}, {TicketState.EXPIRED: 1}, {})


async def test_whoever_has_the_number_today_keeps_it_when_yesterday_is_told(lent: Bench) -> None:
    await lent.next_day()
    await lent.do(ReserveNumbers(N, 5, "kiosk"))
    today = await taken(lent, claim(1, lent.now_ms, outage_ms=0))
    assert today.number == "N01"
    await lent.do(claim(1, OUTAGE_MS + 1))
    assert await lent.ticket(today.id) == today
    assert await lent.refusal(claim(1, lent.now_ms)) is Refusal.NUMBER_TAKEN
    await lent.open_counters(ONE)
    await lent.do(CallNext(ONE))
    await lent.do(Finish(ONE))
    assert (await lent.ticket(today.id)).state is TicketState.FINISHED


async def test_a_block_ends_with_its_day(lent: Bench) -> None:
    await lent.next_day()
    assert await lent.refusal(claim(1, lent.now_ms)) is Refusal.NUMBER_NOT_LENT
    lent_anew = await lent.do(ReserveNumbers(N, 5, "another"))
    assert lent_anew.events[0].data["first"] == 1


async def test_an_ended_block_proves_its_numbers_for_a_while(lent: Bench) -> None:
    for _ in range(LENT_KEPT_MS // DAY_MS):
        await lent.next_day()
    await lent.do(claim(1, OUTAGE_MS))
    await lent.next_day()
    assert await lent.refusal(claim(2, OUTAGE_MS)) is Refusal.NUMBER_NOT_LENT
    assert (await lent.read()).lent == ()
