"""Today's appointments over HTTP: for those who may check in for others."""

from datetime import UTC, datetime

import pytest

from queue_core.domain.principal import Role
from tests.support.eventually import eventually
from tests.support.web_office import WebOffice

BOOKINGS = "/api/v1/zones/hall/bookings"


async def booked(office: WebOffice, code: str, slot_ms: int) -> None:
    slot_at = datetime.fromtimestamp(slot_ms // 1000, UTC).isoformat()
    answer = await office.command("bookings", {"service": "new", "slot_at": slot_at, "booking": code})
    assert answer.status_code == 201, answer.text
    assert await eventually(lambda: office.hub.snapshot(office.zone.id).seq >= answer.json()["seq"])


async def test_today_s_are_listed_in_order_with_the_code_as_people_read_it(office: WebOffice) -> None:
    day = office.hub.snapshot(office.zone.id)
    await booked(office, "K7M29QXT", day.day_to_ms - 1000)
    await booked(office, "K7M29QX2", day.day_to_ms - 2000)
    await booked(office, "TOMORROW", day.day_to_ms)
    listed = (await office.get(BOOKINGS, Role.COUNTER)).json()["bookings"]
    assert [b["code"] for b in listed] == ["K7M2-9QX2", "K7M2-9QXT"]
    assert {name: listed[1][name] for name in ("id", "service", "visitor_class")} == {
        "id": "K7M29QXT",
        "service": "new",
        "visitor_class": "normal",
    }
    assert datetime.fromisoformat(listed[1]["slot_at"]).timestamp() * 1000 == day.day_to_ms - 1000


async def test_whoever_was_checked_in_is_expected_no_more(office: WebOffice) -> None:
    await booked(office, "K7M29QXT", office.hub.now_ms(office.zone.id) + 60_000)
    done = await office.command("bookings/K7M29QXT/check-in")
    assert await eventually(lambda: office.hub.snapshot(office.zone.id).seq >= done.json()["seq"])
    assert (await office.get(BOOKINGS, Role.COUNTER)).json() == {"bookings": []}


@pytest.mark.parametrize("role", [Role.DEVICE, Role.VIEWER])
async def test_whoever_only_looks_on_gets_no_codes(office: WebOffice, role: Role) -> None:
    assert (await office.get(BOOKINGS, role)).status_code == 403
