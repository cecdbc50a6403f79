"""Whom letters about an appointment go to, as staff change it."""

from pathlib import Path
from typing import Any

from queue_core.domain.model import BookingId
from queue_core.domain.principal import Role
from queue_core.store.audit import Audit
from tests.display_server.appointments.test_appointments import FACES, GIVEN, booked, seen, sent, slots
from tests.support.web_office import open_web_office

MAIL: dict[str, Any] = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_security": "none",
    "smtp_from": "termine@example.de",
    "public_url": "http://127.0.0.1:8080",
}


async def test_staff_note_correct_and_take_back_an_address_and_see_none(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, **MAIL) as office:
        here = await booked(office, (await slots(office))[0])
        path, post = f"at/{here.rpartition('/')[2]}/mail", office.frame.post
        assert (await sent(office, path, mail="anna@")).status_code == 422
        for address in ("anna@exmaple.de", "anna@example.de"):
            assert (await sent(office, path, mail=address)).headers["location"] == f"{here}?did=written-to"
        (noted,) = await post.store.all()
        assert post.seal.open(noted.sealed, noted.appointment) == "anna@example.de"
        page = (await seen(office, f"{here}?did=written-to")).text
        assert "Letters go to this address now." in page
        assert "anna" not in page
        assert (await sent(office, path, forget="1")).headers["location"] == f"{here}?did=forgotten"
        assert await post.store.all() == []
        noted_of = [(e.what, e.about) for e in await Audit(office.store.client).latest() if e.what.startswith("mail_")]
        assert noted_of == [("mail_address_erased", "hall"), *[("mail_address_changed", "hall")] * 2]


async def test_who_only_looks_changes_no_address(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES, **MAIL) as office:
        here = await booked(office, (await slots(office))[0])
        booking = BookingId(here.rpartition("/")[2])
        answer = await sent(office, f"at/{booking}/mail", Role.VIEWER, mail="anna@example.de")
        assert answer.status_code == 403
        assert await office.frame.post.store.all() == []


async def test_without_a_mail_server_no_address_is_asked_for(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=FACES) as office:
        here = await booked(office, (await slots(office))[0])
        assert "e-mail" not in (await seen(office, here)).text
        assert (await sent(office, f"at/{here.rpartition('/')[2]}/mail", mail="a@example.de")).status_code == 303
        assert await office.frame.post.store.all() == []
