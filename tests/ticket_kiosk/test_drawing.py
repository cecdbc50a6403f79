"""Drawing at the kiosk: one ticket for one key, and nobody draws who may not."""

import asyncio
from datetime import time
from typing import Any

import httpx
import pytest

from queue_core.domain.devices import Devices, KioskPlace, NearClosing
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.domain.office import WEEKDAYS, Hours, Interval
from queue_core.domain.principal import Role
from queue_core.estimate.forecast import Forecast, Range
from queue_core.store.estimates import Estimates
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import NEW, zone
from ticket_kiosk.face import face

DRAW = "/kiosk/entrance/tickets"


async def draw(http: httpx.AsyncClient, key: str = "k1", service: str = "new", **headers: str) -> httpx.Response:
    return await http.post(DRAW, json={"service": service}, headers={"Idempotency-Key": key, **headers})


async def test_a_ticket_has_all_that_its_screen_shows(office: WebOffice) -> None:
    answer = await draw(office.http)
    assert answer.status_code == 201
    told = answer.json()
    assert told["number"] == "A001"
    assert told["url"].startswith(f"{office.frame.settings.base_url}/t/hall.")
    assert told["issued_ms"] > 0


async def test_the_own_page_speaks_the_language_of_the_kiosk(office: WebOffice) -> None:
    headers = {"Idempotency-Key": "k1"}
    answer = await office.http.post(f"{DRAW}?lang=en", json={"service": "new"}, headers=headers)
    assert answer.json()["url"].endswith("?lang=en")


async def test_fifty_taps_with_one_key_draw_one_ticket(office: WebOffice) -> None:
    answers = await asyncio.gather(*(draw(office.http) for _ in range(50)))
    assert {answer.status_code for answer in answers} <= {201, 503}, "a busy store asks for a repetition"
    assert {answer.json()["number"] for answer in answers if answer.status_code == 201} == {"A001"}
    snapshot, _ = await office.engine.read(office.zone.id)
    assert snapshot.issued_today() == 1


async def test_another_key_draws_another_ticket(office: WebOffice) -> None:
    numbers = [(await draw(office.http, key)).json()["number"] for key in ("k1", "k2", "k1")]
    assert numbers == ["A001", "A002", "A001"]


async def test_a_draw_without_a_key_is_refused(office: WebOffice) -> None:
    answer = await office.http.post(DRAW, json={"service": "new"})
    assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")


@pytest.mark.parametrize("body", [{}, {"service": ""}, {"service": 1}, {"service": "new", "number": 7}])
async def test_what_is_no_draw_is_refused(office: WebOffice, body: dict[str, Any]) -> None:
    answer = await office.http.post(DRAW, json=body, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 422


async def test_an_unknown_service_is_not_found(office: WebOffice) -> None:
    assert (await draw(office.http, service="x")).status_code == 404


async def test_a_stopped_service_says_why(office: WebOffice) -> None:
    await office.command("services/new/close")
    answer = await draw(office.http)
    assert (answer.status_code, answer.json()["code"]) == (409, "service_closed")


async def test_from_elsewhere_nobody_draws_without_being_set_up(office: WebOffice) -> None:
    transport = httpx.ASGITransport(office.app, client=("192.0.2.7", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        assert (await draw(http)).status_code == 401
        http.cookies.set("wartezone_device", await office.token(Role.DEVICE, zones=["yard"]), domain="127.0.0.1")
        assert (await draw(http)).status_code == 401
        http.cookies.clear()
        http.cookies.set("wartezone_device", await office.token(Role.DEVICE), domain="127.0.0.1")
        assert (await draw(http)).status_code == 201


async def test_a_page_of_another_site_cannot_draw(office: WebOffice) -> None:
    assert (await draw(office.http, **{"Origin": "https://evil.example"})).status_code == 403
    assert (await draw(office.http, **{"Sec-Fetch-Site": "cross-site"})).status_code == 403


async def test_a_name_that_only_leads_to_this_machine_is_not_this_machine(office: WebOffice) -> None:
    answer = await draw(office.http, **{"Host": "rebound.example"})
    assert answer.status_code in {400, 401, 421}


async def test_whoever_draws_without_end_is_slowed_down(valkey_url: str, tmp_path: Any) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[face], draws_per_minute=2) as office:
        answers = [(await draw(office.http, f"k{n}")).status_code for n in range(3)]
    assert answers == [201, 201, 429]


async def test_another_name_of_the_same_kiosk_is_no_other_drawer(valkey_url: str, tmp_path: Any) -> None:
    async with open_web_office(valkey_url, tmp_path, faces=[face], draws_per_minute=1) as office:
        assert (await draw(office.http)).status_code == 201
        again = await office.http.post(
            "/kiosk/hall.entrance/tickets", json={"service": "new"}, headers={"Idempotency-Key": "k2"}
        )
        assert again.status_code == 429


async def test_outside_the_hours_it_says_when_it_opens(valkey_url: str, tmp_path: Any) -> None:
    shut = zone(hours=Hours())
    async with open_web_office(valkey_url, tmp_path, shut, faces=[face]) as office:
        answer = await draw(office.http)
    assert (answer.status_code, answer.json()["code"]) == (409, "outside_hours")


async def test_people_before_a_newcomer_are_counted_on_the_page(office: WebOffice) -> None:
    await draw(office.http)
    await eventually(lambda: len(office.hub.snapshot(office.zone.id).tickets) == 1)
    page = (await office.http.get("/kiosk/entrance", headers={"Accept": "text/html"})).text
    assert "1 Person wartet" in page
    assert ServiceId(NEW) in page


async def test_several_services_of_one_visit_have_one_number(office: WebOffice) -> None:
    body = {"service": "new", "further": ["short"]}
    answer = await office.http.post(DRAW, json=body, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["number"]) == (201, "A001")
    snapshot, _ = await office.engine.read(office.zone.id)
    (ticket,) = snapshot.tickets.values()
    assert ticket.further == ("short",)


async def test_a_kiosk_of_two_zones_draws_in_the_one_that_is_meant(valkey_url: str, tmp_path: Any) -> None:
    hall, yard = zone("hall"), zone("yard")
    both = Devices({"entrance": KioskPlace("entrance", (hall.id, yard.id))})
    async with open_web_office(valkey_url, tmp_path, hall, yard, faces=[face], devices=both) as office:
        body = {"service": "new", "zone": "yard"}
        answer = await office.http.post(DRAW, json=body, headers={"Idempotency-Key": "k1"})
        assert (answer.status_code, answer.json()["zone"]) == (201, "yard")
        snapshot, _ = await office.engine.read(yard.id)
        assert snapshot.issued_today() == 1
        elsewhere = await office.http.post(DRAW, json={**body, "zone": "roof"}, headers={"Idempotency-Key": "k2"})
        assert elsewhere.status_code == 404


@pytest.mark.parametrize(("rule", "status"), [(NearClosing.WARN, 201), (NearClosing.STOP, 409)])
async def test_near_the_end_of_service_a_kiosk_warns_or_stops(
    valkey_url: str, tmp_path: Any, rule: NearClosing, status: int
) -> None:
    place = KioskPlace("entrance", (ZoneId("hall"),), near_closing=rule)
    all_day = Hours(week=dict.fromkeys(WEEKDAYS, (Interval(time(0, 0), time.max),)))
    today = zone(hours=all_day, day_starts=time(0, 0))
    devices = Devices({"entrance": place})
    async with open_web_office(valkey_url, tmp_path, today, faces=[face], devices=devices) as office:
        await expect_a_wait_of(office, hours=25)
        assert (await draw(office.http)).status_code == status


async def test_whoever_asks_again_is_not_told_that_it_is_too_late_meanwhile(valkey_url: str, tmp_path: Any) -> None:
    place = KioskPlace("entrance", (ZoneId("hall"),), near_closing=NearClosing.STOP)
    today = zone(hours=Hours(week=dict.fromkeys(WEEKDAYS, (Interval(time(0, 0), time.max),))), day_starts=time(0, 0))
    devices = Devices({"entrance": place})
    async with open_web_office(valkey_url, tmp_path, today, faces=[face], devices=devices) as office:
        first = await draw(office.http)
        await expect_a_wait_of(office, hours=25)
        again, other = await draw(office.http), await draw(office.http, "k2")
    assert (first.status_code, again.status_code, again.json()["number"]) == (201, 201, first.json()["number"])
    assert (other.status_code, other.json()["code"]) == (409, "near_closing")


async def expect_a_wait_of(office: WebOffice, hours: int) -> None:
    """As if an estimator said so of every service."""
    said = Range(hours * 3600, hours * 3600, hours * 3600, "simulation")
    at_ms, seq = office.hub.now_ms(office.zone.id), office.hub.snapshot(office.zone.id).seq
    forecast = Forecast(at_ms, seq, services=dict.fromkeys(office.zone.services, said))
    await Estimates(office.store.client, office.zone.id, lease_s=5).publish(forecast.to_json())
    await eventually(lambda: office.hub.forecast(office.zone.id) is not None)
