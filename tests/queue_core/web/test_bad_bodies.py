"""Garbage at every address that takes a body: a problem with a code, never an accident, and nothing has happened."""

import itertools
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import BaseModel

from queue_core.domain.devices import Devices, DisplayPlace, KioskPlace, PrinterPlace
from queue_core.domain.model import SeriesId, ZoneId
from queue_core.domain.office import Series
from queue_core.domain.principal import Role
from queue_core.domain.site import plain_site
from queue_core.web.access import policies
from queue_core.web.devices.facts import AgentReport, DisplayReport, KioskReport
from queue_core.web.devices.orders import GiveOrder
from queue_core.web.devices.pairing import TypedCode
from queue_core.web.face import load_faces
from queue_core.web.openapi import all_operations
from queue_core.web.problems import PROBLEM_TYPE
from queue_core.web.subscription import Subscription
from tests.support.cases import RULES
from tests.support.web_office import ORIGIN, WebOffice, open_web_office
from tests.support.zones import zone
from ticket_kiosk.codes import Shown
from ticket_kiosk.drawing import Draw
from ticket_kiosk.settings_door import Knock
from ticket_kiosk.uploading import Uploaded

pytestmark = pytest.mark.slow

HALL, EMERGENCY = ZoneId("hall"), SeriesId("n")
VALUES = {
    "{zone}": "hall",
    "{public_zone}": "hall",
    "{booking_zone}": "hall",
    "{verb}": "cancel",
    "{counter}": "1",
    "{service}": "new",
    "{ticket}": "none",
    "{booking}": "none",
    "{appointment}": "none",
    "{alarm}": "none",
    "{kiosk}": "entrance",
    "{display}": "lobby",
    "{id}": "lobby",
}
#: Beside the operations of the API, which name their own.
MODELS: Mapping[str, type[BaseModel]] = {
    "/devices/display/lobby/report": DisplayReport,
    "/devices/kiosk/entrance/report": KioskReport,
    "/devices/agent/entrance/report": AgentReport,
    "/devices/display/lobby/commands": GiveOrder,
    "/devices/kiosk/entrance/commands": GiveOrder,
    "/devices/agent/entrance/commands": GiveOrder,
    "/devices/display/lobby/pairing/approve": TypedCode,
    "/devices/kiosk/entrance/pairing/approve": TypedCode,
    "/t/{link}/push": Subscription,
    "/status/{look}/push": Subscription,
    "/kiosk/entrance/tickets": Draw,
    "/kiosk/entrance/codes": Shown,
    "/kiosk/entrance/settings": Knock,
    "/kiosk/entrance/uploads": Uploaded,
}
#: They read no body at all: who asks and where is all that they want to know.
WITHOUT_BODY = frozenset(
    {
        "/kiosk/entrance/blocks",
        "/t/{link}/leave",
        "/t/{link}/come-back",
        "/status/{look}/close",
        *(
            f"/devices/{device}/{verb}"
            for device in ("display/lobby", "kiosk/entrance")
            for verb in ("pairing", "revoke")
        ),
        *(f"/devices/agent/entrance/{verb}" for verb in ("pairing", "pairing/approve", "revoke")),
    }
)
FORMS = frozenset(
    {
        "/login",
        "/logout",
        "/t/{link}/later",
        "/welcome",
        "/kiosk/entrance/enrol",
        "/lobby/lobby/enrol",
        "/status",
        "/cases",
        "/cases/{key}/correct",
        "/cases/{key}/erase",
        *(f"/a/{{link}}/{verb}" for verb in ("confirm", "move", "cancel", "check-in", "mail")),
        "/appointments/hall/new",
        *(f"/bookings/hall/{form}" for form in ("new", "find", "block", "unblock", "import", "at/none/move")),
        *(f"/bookings/hall/at/none/{form}" for form in ("cancel", "mail")),
        "/z/hall/draw",
        "/z/hall/here",
        "/survey/{link}",
    }
)
#: Of the site, not of a zone; who may enter none of its zones is held off where the body has been read.
OF_THE_SITE = ("/api/v1/cases", "/cases")
JSON = "application/json"
GARBAGE: Mapping[str, tuple[bytes, str, int]] = {
    "cut off": (b'{"a"', JSON, 400),
    "no utf-8": (b"\xff\xfe", JSON, 400),
    "twice": (b'{"a":1,"a":2}', JSON, 400),
    "nul": (b'{"a":"\\u0000"}', JSON, 400),
    "half a letter": (b'{"a":"\\ud800"}', JSON, 400),
    "not a number": (b'{"a":NaN}', JSON, 400),
    "deep": (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", JSON, 400),
    "unknown": (b'{"wibble":1}', JSON, 422),
    "list": (b"[]", JSON, 422),
    "word": (b'"new"', JSON, 422),
    "null": (b"null", JSON, 422),
    "form": (b"service=new", "application/x-www-form-urlencoded", 415),
    "half a letter in a form": (
        b'--x\r\nContent-Disposition: form-data; name="case"\r\n\r\n\\ud800\r\n'
        b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800\r\n--x--\r\n',
        "multipart/form-data; charset=unicode_escape; boundary=x",
        415,
    ),
    "large": (b" " * 65_537, JSON, 413),
}
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63,
    1.5,
    "",
    "\u202e\u2066",
    "x" * 5000,
    [],
    [[]],
    {},
    {"a": {}},
    ["x"] * 300,
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that takes a body, and whoever may use it; `model` where it is one of ours."""

    method: str
    path: str
    role: Role | None
    model: type[BaseModel] | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    plain = zone()
    hall = replace(plain, series={**plain.series, EMERGENCY: Series(EMERGENCY, "N")})
    kiosk = KioskPlace(
        "entrance", (HALL,), pin="482913", printer=PrinterPlace("tcp://127.0.0.1:9"), emergency_series=EMERGENCY
    )
    devices = Devices({"entrance": kiosk}, {"lobby": DisplayPlace("lobby", (HALL,))})
    site = replace(plain_site({HALL: hall}), cases=RULES)
    async with open_web_office(valkey_url, tmp_path, hall, faces=load_faces(), devices=devices, site=site) as opened:
        yield opened


def targets(office: WebOffice) -> list[Target]:
    models = {(o.method, _filled(o.path)): o.request for o in all_operations() if o.request}
    found = []
    for guarded in policies(office.app.routes):
        if guarded.method in ("POST", "PUT", "PATCH"):
            role = (Role.ADMIN if Role.ADMIN in guarded.roles else Role.DEVICE) if guarded.roles else None
            for path in _addresses(guarded.path):
                model = models.get((guarded.method, path)) or MODELS.get(path)
                found.append(Target(guarded.method, path, role, model))
    return found


def _addresses(path: str) -> list[str]:
    if "{kind}" not in path:
        return [_filled(path)]
    named = ("display/lobby", "kiosk/entrance", "agent/entrance")
    return [path.replace("{kind}/{id}", each) for each in named]


def _filled(path: str) -> str:
    for name, value in VALUES.items():
        path = path.replace(name, value)
    return path


_keys = itertools.count()


async def ask(office: WebOffice, target: Target, body: bytes, media_type: str = JSON, **more: str) -> tuple[int, str]:
    """Status and code; a page of forms has no code."""
    credential = await office.bearer(target.role) if target.role else {}
    headers = {
        "Content-Type": media_type,
        "Idempotency-Key": f"bad-{next(_keys)}",
        "Origin": ORIGIN,
        **credential,
        **more,
    }
    answer = await office.http.request(target.method, target.path, content=body, headers=headers)
    assert answer.status_code < 500, (str(target), body[:80], answer.text)
    if answer.status_code < 400 or target.path in FORMS:
        return answer.status_code, ""
    assert answer.headers["Content-Type"] == PROBLEM_TYPE, (str(target), body[:80])
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["code"]
    assert told["detail"]
    return answer.status_code, told["code"]


async def test_every_address_that_takes_a_body_is_tried(office: WebOffice) -> None:
    tried = targets(office)
    assert len(tried) > 40
    unnamed = {t.path for t in tried if t.model is None} - WITHOUT_BODY - FORMS
    assert unnamed == set(), "name the model of a new address in MODELS"


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_told_from_a_request(office: WebOffice, garbage: str) -> None:
    body, media_type, status = GARBAGE[garbage]
    for target in targets(office):
        got, code = await ask(office, target, body, media_type)
        wanted = 413 if garbage == "large" else status
        if garbage == "large" or target.model is not None:
            assert got in (wanted, 429), (str(target), got, code)


async def test_a_field_of_a_wrong_kind_is_no_accident(office: WebOffice) -> None:
    for target in targets(office):
        for field in target.model.model_fields if target.model else ():
            for wrong in WRONG:
                await ask(office, target, json.dumps({field: wrong}).encode())
    snapshot, _ = await office.engine.read(HALL)
    assert snapshot.issued_today() == 0


async def test_nobody_and_another_zones_people_get_no_further(office: WebOffice) -> None:
    elsewhere = {role: f"Bearer {await office.token(role, ['yard'])}" for role in (Role.ADMIN, Role.DEVICE)}
    for target in targets(office):
        if target.role is None:
            continue
        status, code = await ask(office, target, b"{}", Authorization="Bearer nonsense")
        assert (status, code or "unauthenticated") == (401, "unauthenticated")
        if target.path.startswith(OF_THE_SITE):
            continue
        if target.path != "/api/v1/alarms/none/resolve":  # of whatever zone: what is not theirs is not there
            status, code = await ask(office, target, b"{}", Authorization=elsewhere[target.role])
            assert (status, code or "forbidden") == (403, "forbidden"), target


async def test_another_sites_page_gets_no_further(office: WebOffice) -> None:
    """Addresses that know a browser by its cookie or its machine; a bearer token is nothing that a browser adds."""
    for target in targets(office):
        if target.role is None and target.path != "/logout":
            for foreign in ("https://evil.example", "null"):
                status, _ = await ask(office, target, b"{}", Origin=foreign)
                assert status in (401, 403), (str(target), foreign)


async def test_a_command_without_a_key_is_none(office: WebOffice) -> None:
    commands = {(o.method, _filled(o.path)) for o in all_operations() if o.command}
    for target in targets(office):
        if (target.method, target.path) in commands or target.path == "/kiosk/entrance/blocks":
            assert (await ask(office, target, b"{}", **{"Idempotency-Key": ""}))[0] in (400, 404, 422), target
