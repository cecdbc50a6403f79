"""Two pages at one counter: only the one that sits there commands; programs without a page work as ever."""

import asyncio
from typing import Any

import httpx
import pytest

from queue_core.domain.model import CounterId
from queue_core.domain.principal import Role
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice

#: Both windows of one login press "finish and call the next" for the same visitor, so often.
ROUNDS = 200
COUNTERS = "/api/v1/zones/hall/counters"
HERS, HIS = "hers-0123456789abcdef", "his-0123456789abcdefg"


async def sit(office: WebOffice, seat: str, role: Role = Role.COUNTER, **more: Any) -> httpx.Response:
    return await office.http.put(f"{COUNTERS}/1/seat", json={"seat": seat, **more}, headers=await office.bearer(role))


async def leave(office: WebOffice, named: str, counter: str = "1") -> httpx.Response:
    headers = {"Wartezone-Seat": named, **await office.bearer(Role.COUNTER)}
    return await office.http.delete(f"{COUNTERS}/{counter}/seat", headers=headers)


async def press(office: WebOffice, path: str, seat: str, body: Any = None, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or f"{seat}-{path}", "Wartezone-Seat": seat, **await office.bearer(Role.COUNTER)}
    return await office.http.post(f"/api/v1/zones/hall/{path}", json=body or {}, headers=headers)


async def test_a_second_page_is_told_how_long_somebody_works_there(office: WebOffice) -> None:
    assert (await sit(office, HERS)).json()["seat"] == {"counter": "1", "for_s": 0, "alone_s": 0}
    refused = await sit(office, HIS, Role.ADMIN)
    assert (refused.status_code, refused.json()["code"]) == (409, "seat_taken")
    assert (refused.json()["for_s"], refused.json()["may_take"]) == (0, True)
    listed = (await office.get("/api/v1/zones/hall/seats", Role.VIEWER)).json()["seats"]
    assert listed == [{"counter": "1", "for_s": 0}], "for how long nobody touched a page is no news for everybody"


async def test_who_lost_the_seat_commands_nothing_and_changes_nothing(office: WebOffice) -> None:
    await sit(office, HERS)
    assert (await press(office, "counters/1/open", f"1/{HERS}")).status_code == 200
    ticket = await office.draw()
    assert (await sit(office, HIS, Role.ADMIN, take=True)).status_code == 200
    before = office.hub.snapshot(office.zone.id).seq
    for path, body in (("counters/1/call-next", {}), (f"tickets/{ticket['id']}/call", {"counter": "1"})):
        refused = await press(office, path, f"1/{HERS}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "seat_taken")
    assert (await press(office, "counters/1/call-next", f"1/{HIS}")).json()["seq"] == before + 1


async def test_a_visitor_keeps_the_counter_from_being_taken(office: WebOffice) -> None:
    await sit(office, HERS)
    await office.command("counters/1/open")
    await office.draw()
    called = await office.command("counters/1/call-next")
    assert await eventually(lambda: office.hub.snapshot(office.zone.id).seq >= called.json()["seq"])
    refused = await sit(office, HIS, Role.ADMIN, take=True)
    assert (refused.status_code, refused.json()["may_take"]) == (409, False)
    assert (await sit(office, HIS, Role.COUNTER, take=True)).status_code == 200, "the same login's other window"


async def test_a_free_seat_keeps_no_page_from_working(office: WebOffice) -> None:
    assert (await press(office, "counters/1/open", f"1/{HERS}")).status_code == 200
    await sit(office, HERS)
    assert (await leave(office, f"1/{HERS}")).json() == {"left": True}
    assert (await leave(office, f"1/{HERS}")).json() == {"left": False}
    assert (await sit(office, HIS, Role.ADMIN)).status_code == 200


@pytest.mark.slow
async def test_two_windows_that_press_at_the_same_moment_make_one_call(office: WebOffice) -> None:
    """The seat is looked at when a command arrives: one that is under way while the other window takes the seat may
    still be done. The other's press was meant for a visitor who has left by then: nobody is called over a head."""
    await sit(office, HERS)
    await office.command("counters/1/open", {}, Role.COUNTER)
    await office.draw()
    held = (await office.command("counters/1/call-next", {}, Role.COUNTER)).json()["ticket"]["id"]
    refused = set()
    for n in range(ROUNDS):
        mine, other = (HERS, HIS) if n % 2 else (HIS, HERS)
        await sit(office, mine, take=True)
        coming = (await office.draw())["id"]
        body = {"current": "finish", "meant": held}

        async def next_in(seat: str, n: int = n, body: dict[str, str] = body) -> httpx.Response:
            return await press(office, "counters/1/call-next", f"1/{seat}", body, f"{seat}-{n}")

        async def taken(seat: str = other) -> httpx.Response:
            await sit(office, seat, take=True)
            return await next_in(seat)

        answers = await asyncio.gather(next_in(mine), taken())
        assert sorted(a.status_code for a in answers) == [200, 409]
        refused |= {a.json()["code"] for a in answers if a.status_code == 409}
        held = (await office.engine.read(office.zone.id))[0].counters[CounterId("1")].ticket
        assert held == coming, "whoever was called is still there"
    assert refused <= {"other_ticket", "seat_taken"}


async def test_programs_without_a_seat_work_as_ever(office: WebOffice) -> None:
    await sit(office, HERS)
    assert (await office.command("counters/1/open", {}, Role.COUNTER)).status_code == 200


@pytest.mark.parametrize("seat", ["", "1", "1/short", f"/{HERS}"], ids=["empty", "bare", "short", "nowhere"])
async def test_a_seat_that_no_page_makes_is_refused(office: WebOffice, seat: str) -> None:
    refused = await press(office, "counters/1/open", seat)
    assert (refused.status_code, refused.json()["code"]) == (400, "seat_invalid")


async def test_there_is_no_seat_at_an_unknown_counter(office: WebOffice) -> None:
    headers = await office.bearer(Role.COUNTER)
    assert (await office.http.put(f"{COUNTERS}/9/seat", json={"seat": HERS}, headers=headers)).status_code == 404
    assert (await leave(office, f"9/{HERS}", "9")).status_code == 404
    assert (await sit(office, "short")).status_code == 422
    assert (await leave(office, f"2/{HERS}")).json()["code"] == "seat_missing"
