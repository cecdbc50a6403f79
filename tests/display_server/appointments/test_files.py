"""Files of appointments on the page: all of one, or its faults in the reader's language, or how far it came."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from display_server.appointments.face import face, routes
from queue_core.domain.calendar import business_day
from queue_core.domain.office import Appointments
from queue_core.domain.principal import Role
from queue_core.store.audit import Audit
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import APPOINTMENT, NEW, zone

GIVEN = zone(appointments=Appointments((NEW,), APPOINTMENT, share=1.0))
IMPATIENT = replace(face, routes=partial(routes, patience_s=0))


@pytest.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=[IMPATIENT]) as opened:
        yield opened


async def taken_in(office: WebOffice, *rows: str, lang: str = "en") -> httpx.Response:
    content = "\n".join(["code,service,slot", *rows]) if rows else ""
    headers = {**await office.bearer(Role.SUPERVISOR), "Accept": "text/html", "Accept-Language": lang, "Origin": ORIGIN}
    return await office.http.post("/bookings/hall/import", files={"file": ("l.csv", content.encode())}, headers=headers)


def noon(office: WebOffice) -> str:
    """Tomorrow's."""
    return f"{business_day(office.zone, office.hub.now_ms(office.zone.id)).day + timedelta(days=1)}T12:00"


async def booked(office: WebOffice) -> int:
    return len((await office.engine.read(office.zone.id))[0].bookings)


async def test_a_file_of_a_thousand_lines_is_taken_in_or_none_of_it(valkey_url: str, tmp_path: Path) -> None:
    async with open_web_office(valkey_url, tmp_path, GIVEN, faces=[face]) as office:
        rows = [f"{n:08d},new,{noon(office)}" for n in range(1000)]
        for last, status in (("x,none,never", 422), ("00000000,new,never", 422), (f"K7M29QXT,new,{noon(office)}", 303)):
            answer = await taken_in(office, *rows, last)
            assert answer.status_code == status, answer.text
            assert await booked(office) == (0 if status == 422 else 1001)
        [entry] = [e for e in await Audit(office.store.client).latest() if e.what == "appointments_imported"]
        assert entry.about == "hall 1001"


async def test_an_empty_file_is_none(office: WebOffice) -> None:
    assert (await taken_in(office)).status_code == 422


FAULTS = {
    "no service": ("K7M29QXT,nwe,{noon}", "Zeile <bdi>2</bdi>: Ein Anliegen „<bdi>nwe</bdi>“ gibt es nicht."),
    "nearest": ("K7M29QXT,nwe,{noon}", "Ist „<bdi>new</bdi>“ gemeint?"),
    "no time": ("K7M29QXT,new,morgen", "„<bdi>morgen</bdi>“ ist keine Zeit."),
    "over": ("K7M29QXT,new,2020-01-01T08:00", "ist vorbei"),
    "formula": ("=1+1,new,{noon}", "„<bdi>=1+1</bdi>“ im Feld <bdi>code</bdi> beginnt wie eine Formel."),
    "fields": ("K7M29QXT,new", "Die Zeile hat <bdi>2</bdi> Felder, die erste Zeile aber <bdi>3</bdi>."),
    "markup": ("K7M29QXT,<b>,{noon}", "„<bdi>&lt;b&gt;</bdi>“"),
}


@pytest.mark.parametrize(("row", "told"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_told_in_the_readers_language(office: WebOffice, row: str, told: str) -> None:
    answer = await taken_in(office, row.format(noon=noon(office)), lang="de")
    assert answer.status_code == 422
    assert told in " ".join(answer.text.split())


async def test_a_store_that_is_away_leads_back_to_the_day_with_how_far_it_came(office: WebOffice) -> None:
    rows = [f"{n:08d},new,{noon(office)}" for n in range(3)]
    await office.bearer(Role.SUPERVISOR)
    await office.store.client.config_set("maxmemory", "1")  # it reads and does not write, as one that is full
    try:
        answer = await taken_in(office, *rows, lang="de")
    finally:
        await office.store.client.config_set("maxmemory", "0")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    for told in ("nicht ganz eingelesen", "Noch ist nichts gebucht", "Lesen Sie dieselbe Datei noch einmal ein"):
        assert told in answer.text
    assert (await taken_in(office, *rows)).status_code == 303
    assert await booked(office) == 3
