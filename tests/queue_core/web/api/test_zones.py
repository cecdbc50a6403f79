"""Zones over HTTP: the list, the public state, streams, lent numbers; services and appointments."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from queue_core.domain.principal import Role
from queue_core.web.api.replies import Done, PublicState, ZoneList
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice, open_web_office


async def test_the_list_of_zones_needs_no_token(office: WebOffice) -> None:
    zones = ZoneList.model_validate((await office.http.get("/api/v1/zones")).json()).zones
    assert [zone.id for zone in zones] == ["hall"]


async def test_the_public_state_counts_but_names_no_ticket(office: WebOffice) -> None:
    ticket = await office.draw()

    async def counted() -> bool:
        answer = await office.http.get("/api/v1/zones/hall")
        state = PublicState.model_validate(answer.json())
        assert ticket["id"] not in answer.text
        waiting: dict[str, int] = {s["id"]: s["waiting"] for s in state.services}
        return waiting["new"] == 1

    await eventually(counted)


async def test_an_unchanged_state_is_not_sent_again(office: WebOffice) -> None:
    first = await office.http.get("/api/v1/zones/hall")
    etag = first.headers["ETag"]
    for sent in (etag, f'W/{etag}, "other"'):
        again = await office.http.get("/api/v1/zones/hall", headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    await office.command("counters/1/open")

    async def changed() -> bool:
        answer = await office.http.get("/api/v1/zones/hall", headers={"If-None-Match": etag})
        return answer.status_code == 200

    await eventually(changed)


async def test_server_sent_events_have_only_open_views(office: WebOffice) -> None:
    answer = await office.http.get("/api/v1/zones/hall/events?view=desk")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_view")


@pytest.mark.parametrize("path", ["", "/events", "/stream"])
async def test_an_unknown_zone_is_404(office: WebOffice, path: str) -> None:
    answer = await office.http.get(f"/api/v1/zones/nowhere{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_zone")


async def test_the_stream_wants_an_upgrade(office: WebOffice) -> None:
    answer = await office.http.get("/api/v1/zones/hall/stream")
    assert (answer.status_code, answer.headers["Upgrade"]) == (426, "websocket")


async def test_a_device_borrows_numbers_and_hands_one_out(office: WebOffice) -> None:
    lent = await office.command("numbers", {"series": "a", "count": 3}, Role.DEVICE)
    assert lent.status_code == 201
    numbers = Done.model_validate(lent.json()).numbers
    assert numbers is not None
    assert (numbers.first, numbers.last) == (1, 3)
    given_out = datetime.now(UTC).isoformat()
    body = {"service": "new", "lent_number": 2, "claimed_at": given_out}
    drawn = await office.command("tickets", body, Role.DEVICE)
    assert (drawn.status_code, drawn.json()["ticket"]["number"]) == (201, "A002")


async def test_borrowing_numbers_without_end_is_slowed_down(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, draws_per_minute=2) as office:
        body = {"series": "a", "count": 1}
        answers = [(await office.command("numbers", body, Role.DEVICE)).status_code for _ in range(3)]
    assert answers == [201, 201, 429]


async def test_a_ticket_stop_and_its_end(office: WebOffice) -> None:
    stopped = await office.command("services/new/close", {"reason": "full house"}, Role.SUPERVISOR)
    assert Done.model_validate(stopped.json()).service
    refused = await office.command("tickets", {"service": "new"}, Role.DEVICE)
    assert (refused.status_code, refused.json()["code"]) == (409, "service_closed")
    assert (await office.command("services/new/open", role=Role.SUPERVISOR)).json()["service"]["open"]
    await office.draw()


async def test_an_appointment_is_booked_moved_and_checked_in(office: WebOffice) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=10)
    booked = await office.command("bookings", {"booking": "b1", "service": "new", "slot_at": soon.isoformat()})
    assert Done.model_validate(booked.json()).booking
    moved = await office.command("bookings/b1/move", {"slot_at": (soon + timedelta(minutes=5)).isoformat()})
    assert moved.status_code == 200
    arrived = await office.command("bookings/b1/check-in", role=Role.DEVICE)
    assert (arrived.status_code, arrived.json()["ticket"]["number"]) == (201, "A001")
    used = await office.command("bookings/b1/check-in", role=Role.DEVICE)
    assert (used.status_code, used.json()["code"]) == (409, "booking_used")


async def test_too_early_says_from_when(office: WebOffice) -> None:
    later = datetime.now(UTC) + timedelta(hours=2)
    await office.command("bookings", {"booking": "b1", "service": "new", "slot_at": later.isoformat()})
    answer = await office.command("bookings/b1/check-in")
    assert (answer.status_code, answer.json()["code"]) == (409, "booking_too_early")
    assert datetime.fromisoformat(answer.json()["from"]) < later


async def test_a_booking_without_an_id_gets_the_same_one_when_repeated(office: WebOffice) -> None:
    body = {"service": "new", "slot_at": (datetime.now(UTC) + timedelta(hours=2)).isoformat()}
    first = await office.command("bookings", body, key="same")
    assert (await office.command("bookings", body, key="same")).content == first.content
    booking = orjson.loads(first.content)["booking"]["id"]
    assert (await office.command(f"bookings/{booking}/cancel")).status_code == 200
    assert (await office.command("bookings/unknown/cancel")).status_code == 404
