"""Every bad input has its own answer, with a stable code, and changes nothing."""

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import httpx
import pytest

from queue_core.domain.office import WEEKDAYS, Hours, Interval
from queue_core.domain.principal import Role
from queue_core.store.connection import connect
from queue_core.store.keys import ZoneKeys
from queue_core.web.problems import PROBLEM_TYPE
from tests.support.eventually import eventually
from tests.support.valkey import running_server
from tests.support.web_office import WebOffice, open_web_office
from tests.support.zones import zone

TICKETS = "/api/v1/zones/hall/tickets"


async def post(office: WebOffice, content: bytes, path: str = TICKETS, **headers: str) -> httpx.Response:
    plain = {"Content-Type": "application/json", "Idempotency-Key": "k", **await office.bearer(Role.ADMIN)}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await office.http.post(path, content=content, headers=plain | named)


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == PROBLEM_TYPE
    assert set(answer.json()) >= {"type", "title", "status", "code", "detail"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"nonsense", "not_json"),
        (b'{"service": NaN}', "not_json"),
        (b'{"service": Infinity}', "not_json"),
        (b'{"service": 1e999}', "not_json"),
        (b'{"service": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"service": "new", "service": "short"}', "duplicate_key"),
        (b'{"service": ' + b"[" * 20 + b"]" * 20 + b"}", "too_deep"),
        (b"[" * 30_000, "too_deep"),
        (b'{"service": "ne\\u0000w"}', "unusable_text"),
        (b'{"service": "\\ud800"}', "unusable_text"),
        (b'{"\\u0000": 1}', "unusable_text"),
    ],
)
async def test_what_is_no_usable_json_is_400(office: WebOffice, body: bytes, code: str) -> None:
    is_problem(await post(office, body), 400, code)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b'{"service": "new", "priority": "nonsense"}', "unknown_field", "priority"),
        (b'{"servise": "new"}', "unknown_field", "servise"),
        (b"{}", "invalid_field", "service"),
        (b'{"service": 7}', "invalid_field", "service"),
        (b'{"service": ""}', "invalid_field", "service"),
        (b'{"service": "a\\nb"}', "invalid_field", "service"),
        (b'["service"]', "invalid_field", "body"),
        (b'{"service": "new", "lent_number": 3}', "invalid_field", "body"),
        (b'{"service": "new", "lent_number": 3, "claimed_at": "0001-01-01T00:00:00Z"}', "invalid_field", "claimed_at"),
    ],
)
async def test_a_field_that_is_unknown_or_unfit_is_422(office: WebOffice, body: bytes, code: str, field: str) -> None:
    answer = await post(office, body)
    is_problem(answer, 422, code)
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_a_misspelt_field_is_told_the_right_one(office: WebOffice) -> None:
    answer = await post(office, b'{"servise": "new"}')
    assert answer.json()["errors"][-1]["did_you_mean"] == "service"


@pytest.mark.parametrize("key", ["", "x" * 129, "with\ttab", "ümlaut".encode("latin-1").decode("latin-1")])
async def test_a_missing_or_unusable_key_is_400(office: WebOffice, key: str) -> None:
    headers = [
        (b"Content-Type", b"application/json"),
        (b"Authorization", (await office.bearer(Role.DEVICE))["Authorization"].encode()),
        *([(b"Idempotency-Key", key.encode("latin-1"))] if key else []),
    ]
    answer = await office.http.post(TICKETS, content=b'{"service": "new"}', headers=headers)
    is_problem(answer, 400, "key_invalid" if key else "key_missing")


async def test_the_same_key_with_another_body_is_422(office: WebOffice) -> None:
    await office.command("tickets", {"service": "new"}, key="same")
    is_problem(await office.command("tickets", {"service": "short"}, key="same"), 422, "key_reused")


async def test_a_key_of_a_purged_day_is_410_and_never_a_second_ticket(office: WebOffice, valkey_url: str) -> None:
    await office.command("tickets", {"service": "new"}, key="old")
    day = (await office.engine.read(office.zone.id))[0]
    await office.engine.set_clock(office.zone.id, day.day_to_ms + 1, 1)
    await office.engine.roll(office.zone.id)
    repeated = await office.command("tickets", {"service": "new"}, key="old")
    assert repeated.json()["ticket"]["number"] == "A001"
    keys = ZoneKeys(office.zone.id)
    client = connect(valkey_url)
    await client.delete(keys.log_of(day.day), keys.tickets_of(day.day))
    await client.aclose()
    is_problem(await office.command("tickets", {"service": "new"}, key="old"), 410, "key_spent")


async def test_another_type_is_415(office: WebOffice) -> None:
    is_problem(
        await post(office, b"service=new", Content_Type="application/x-www-form-urlencoded"), 415, "not_json_type"
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_a_wrong_method_is_told_the_right_ones(office: WebOffice, method: str) -> None:
    answer = await office.http.request(method, TICKETS)
    is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST"


async def test_a_body_that_is_too_large_is_413(office: WebOffice) -> None:
    is_problem(await post(office, b" " * 65_537), 413, "body_too_large")


async def test_a_body_that_turns_out_too_large_is_413(office: WebOffice) -> None:
    async def endless() -> Any:
        for _ in range(70):
            yield b" " * 1024

    headers = {"Content-Type": "application/json", "Idempotency-Key": "k", **await office.bearer(Role.ADMIN)}
    is_problem(await office.http.post(TICKETS, content=endless(), headers=headers), 413, "body_too_large")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/v1/zones/nowhere/tickets", "unknown_zone"),
        ("/api/v1/zones/%00/tickets", "unknown_zone"),
        ("/api/v1/zones/hall/nonsense", "not_found"),
        ("/api/v1/zones/hall/counters/1/explode", "not_found"),
        ("/api/v1/zones/hall/counters/9/open", "unknown_counter"),
        ("/api/v1/zones/hall/services/none/close", "unknown_service"),
        ("/api/v1/zones/hall/tickets/none/cancel", "unknown_ticket"),
        ("/api/v1/zones/hall/bookings/none/check-in", "unknown_booking"),
    ],
)
async def test_what_is_not_there_is_404(office: WebOffice, path: str, code: str) -> None:
    anywhere = {"Authorization": f"Bearer {await office.token(Role.ADMIN, None)}"}
    is_problem(await post(office, b"", path, **anywhere), 404, code)


async def test_an_unknown_service_is_404(office: WebOffice) -> None:
    is_problem(await office.command("tickets", {"service": "nope"}), 404, "unknown_service")


async def test_a_transfer_to_a_stopped_service_is_409(office: WebOffice) -> None:
    ticket = await office.draw()
    await office.command("services/short/close")
    is_problem(await office.command(f"tickets/{ticket['id']}/transfer", {"service": "short"}), 409, "service_closed")


async def test_a_full_series_is_409(valkey_url: str, tmp_path: Path) -> None:
    series = {i: replace(s, last=1) for i, s in zone().series.items()}
    async with open_web_office(valkey_url, tmp_path, zone(series=series)) as office:
        await office.draw()
        is_problem(await office.command("tickets", {"service": "new"}), 409, "series_full")


async def test_outside_hours_says_when_it_opens(valkey_url: str, tmp_path: Path) -> None:
    hours = Hours(week=dict.fromkeys(WEEKDAYS, (Interval(time(5, 0), time(5, 1)),)))
    async with open_web_office(valkey_url, tmp_path, zone(hours=hours)) as office:
        answer = await office.command("tickets", {"service": "new"})
        if answer.status_code == 201:
            pytest.skip("it is 05:00 in Berlin")
        is_problem(answer, 409, "outside_hours")
        opens = datetime.fromisoformat(answer.json()["opens"])
        assert (opens.hour, opens.minute) == (5, 0)
        assert opens.utcoffset() is not None


async def test_an_absent_store_is_503_with_retry_after(tmp_path: Path) -> None:
    with running_server("valkey") as server:
        async with open_web_office(server.url, tmp_path) as office:
            admin = await office.bearer(Role.ADMIN)
            await office.draw()
            before = await office.http.get("/api/v1/zones/hall", headers=admin)
            assert before.json()["current"] is True
            server.kill()
            answer = await office.command("tickets", {"service": "new"}, Role.DEVICE)
            is_problem(answer, 503, "store_away")
            assert int(answer.headers["Retry-After"]) >= 1
            assert (await office.http.get("/livez")).status_code == 200
            assert (await office.http.get("/readyz")).status_code == 503

            async def is_told() -> bool:
                state = await office.http.get("/api/v1/zones/hall", headers=admin)
                assert state.status_code == 200
                return not state.json()["current"] and state.headers["ETag"] != before.headers["ETag"]

            await eventually(is_told)


async def test_a_frozen_store_is_503_within_five_seconds(tmp_path: Path) -> None:
    with running_server("valkey") as server:
        async with open_web_office(server.url, tmp_path, store_deadline_s=0.3) as office:
            await office.draw()
            server.freeze()
            try:
                is_problem(await office.command("tickets", {"service": "new"}, Role.DEVICE), 503, "store_away")
            finally:
                server.thaw()

            async def back() -> bool:
                return (await office.http.get("/readyz")).status_code == 200

            await eventually(back)


async def test_not_more_faults_are_told_than_anybody_reads(office: WebOffice) -> None:
    body = b"{" + b",".join(b'"%04x": 0' % n for n in range(5000)) + b"}"
    answer = await post(office, body)
    is_problem(answer, 422, "unknown_field")
    assert len(answer.json()["errors"]) == 20


async def test_of_very_many_keys_the_one_that_comes_twice_is_named(office: WebOffice) -> None:
    """In one pass: to count every key among all others took half a second of everybody's time."""
    answer = await post(office, b"{" + b",".join(b'"%04x":0' % n for n in range(6400)) + b',"18ff":1}')
    is_problem(answer, 400, "duplicate_key")
    assert "'18ff'" in answer.json()["detail"]
