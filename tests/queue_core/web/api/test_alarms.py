"""Alarms over the API: who may see, raise and end which."""

from queue_core.domain.principal import Role
from tests.support.web_office import WebOffice

ALARMS = "/api/v1/zones/hall/alarms"
EMERGENCY = {"kind": "emergency", "counter": "1"}


async def keyed(office: WebOffice) -> dict[str, str]:
    return {**await office.bearer(Role.COUNTER), "Idempotency-Key": "key"}


async def test_an_emergency_is_open_until_a_person_ends_it(office: WebOffice) -> None:
    clerk = await keyed(office)
    raised = (await office.http.post(ALARMS, json=EMERGENCY, headers=clerk)).json()["alarm"]
    assert (raised["kind"], raised["counter"], raised["automatic"]) == ("emergency", "1", False)
    for path in (ALARMS, "/api/v1/alarms"):
        assert (await office.http.get(path, headers=clerk)).json()["alarms"] == [raised]
    ended = await office.http.post(f"{ALARMS}/{raised['id']}/resolve", json={}, headers=clerk)
    assert ended.status_code == 200
    assert (await office.http.get(ALARMS, headers=clerk)).json()["alarms"] == []


async def test_pressed_twice_it_is_one_emergency(office: WebOffice) -> None:
    clerk = await keyed(office)
    answers = [await office.http.post(ALARMS, json=EMERGENCY, headers=clerk) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_it_can_only_be_raised_at_a_counter_of_the_zone(office: WebOffice) -> None:
    answer = await office.http.post(ALARMS, json={**EMERGENCY, "counter": "9"}, headers=await keyed(office))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_counter")


async def test_a_person_raises_nothing_but_emergencies(office: WebOffice) -> None:
    body = {**EMERGENCY, "kind": "paper_out"}
    answer = await office.http.post(ALARMS, json=body, headers=await keyed(office))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_field")


async def test_an_alarm_that_is_not_open_cannot_be_ended(office: WebOffice) -> None:
    clerk = await keyed(office)
    answer = await office.http.post(f"{ALARMS}/none/resolve", json={}, headers=clerk)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_alarm")


async def test_nobody_sees_or_ends_another_zones_alarm(office: WebOffice) -> None:
    clerk = await keyed(office)
    raised = (await office.http.post(ALARMS, json=EMERGENCY, headers=clerk)).json()["alarm"]
    stranger = {"Authorization": f"Bearer {await office.token(Role.ADMIN, ['elsewhere'])}", "Idempotency-Key": "k"}
    assert (await office.http.get("/api/v1/alarms", headers=stranger)).json() == {"alarms": []}
    answer = await office.http.post(f"/api/v1/alarms/{raised['id']}/resolve", json={}, headers=stranger)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_alarm")


async def test_who_raised_it_stands_in_the_audit_alone(office: WebOffice) -> None:
    clerk = await keyed(office)
    answer = await office.http.post(ALARMS, json=EMERGENCY, headers=clerk)
    entry = (await office.credentials.audit.latest(1))[0]
    assert (entry.what, entry.about) == ("emergency_raised", "hall/1")
    assert entry.who not in answer.text
