"""Everything is killed between holding a time and confirming it: what was answered holds, and is answered again."""

import httpx
import pytest

from tests.support.office_process import OfficeProcess

pytestmark = pytest.mark.slow

ZONE = "/api/v1/zones/eingangszone"
SERVICE = "neuantrag"


def post(office: OfficeProcess, path: str, body: dict[str, str], key: str) -> httpx.Response:
    return httpx.post(f"{office.address}{ZONE}/{path}", json=body, headers={"Idempotency-Key": key}, timeout=20)


def free(office: OfficeProcess) -> list[str]:
    days = httpx.get(f"{office.address}{ZONE}/slots?service={SERVICE}&days=31", timeout=20).json()["days"]
    return [slot["slot_at"] for day in days for slot in day["slots"] if slot["free"]]


def test_a_killed_server_and_store_keep_what_is_held_and_confirmed(office: OfficeProcess) -> None:
    office.start()
    slot_at, other, *_ = free(office)
    wish = {"service": SERVICE, "slot_at": slot_at}
    held = post(office, "appointments", wish, "hold")
    assert held.status_code == 201, held.text
    office.kill_both()
    office.start()
    assert post(office, "appointments", wish, "hold").content == held.content
    assert post(office, "appointments", wish, "another").json()["code"] == "slot_full"
    path = f"appointments/{held.json()['links']['own'].removeprefix('/a/')}"
    confirmed = post(office, f"{path}/confirm", {}, "confirm")
    office.kill_both()
    office.start()
    assert post(office, f"{path}/confirm", {}, "confirm").content == confirmed.content
    assert post(office, f"{path}/confirm", {}, "again").json()["code"] == "booking_confirmed"
    moved = post(office, f"{path}/move", {"slot_at": other}, "move")
    office.kill_both()
    office.start()
    assert post(office, f"{path}/move", {"slot_at": other}, "move").content == moved.content
    found = httpx.get(f"{office.address}{ZONE}/{path}", timeout=20).json()["appointment"]
    assert (found["state"], found["slot_at"], found["changes_left"]) == ("booked", other, 2)
    assert slot_at in free(office)
    assert other not in free(office)
