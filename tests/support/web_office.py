"""A whole office behind its HTTP application, in this process, on a real store: what tests of web and faces talk to."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette

from queue_core.casework.casework import case_office
from queue_core.domain.devices import Devices, plain_devices
from queue_core.domain.model import Ticket, TicketId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.principal import Account, Grant, Role
from queue_core.domain.quality import Quality
from queue_core.domain.rhythm import DayWaits, Rhythm
from queue_core.domain.site import Site, plain_site
from queue_core.engine import Engine
from queue_core.estimate.forecast import Forecast
from queue_core.live.hub import Hub, Surroundings
from queue_core.live.limits import Limits
from queue_core.mail.post import post_office
from queue_core.serve.phone_post import open_phones
from queue_core.settings import Settings
from queue_core.store.connection import connect_blocking
from queue_core.store.credentials import Credentials
from queue_core.store.hindsight import Hindsight
from queue_core.store.mail import MailStore
from queue_core.store.opened import Store, open_store
from queue_core.store.reader import LogReader
from queue_core.store.seats import Seats
from queue_core.store.sessions import Sessions, Tries
from queue_core.store.track_record import TrackRecord
from queue_core.watch.watch import watch_over
from queue_core.web.address import address_behind
from queue_core.web.app import create_app, face_assets, make_frame
from queue_core.web.assets import Assets
from queue_core.web.face import Face
from queue_core.web.frame import Frame
from queue_core.web.identity import TRIES_WINDOW_S, Identity
from queue_core.web.passwords import Passwords
from queue_core.web.secret import load_secret
from queue_core.web.stream_access import StreamAccess
from tests.support.zones import zone

ORIGIN = "http://127.0.0.1:8080"
PASSWORD = "correct horse battery"
#: The real thing with the least work: its strength is argon2's own matter.
QUICK_PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
#: What a screen waits for comes soon: an estimate beside others, the end of a stream that was revoked.
SOON = Limits(coalesce_s=0.05, recheck_s=0.1)
_keys = itertools.count()


@dataclass(slots=True)
class WebOffice:
    """`http` asks without a credential; `token` and `staff` make some."""

    app: Starlette
    frame: Frame
    engine: Engine
    hub: Hub
    store: Store
    credentials: Credentials
    http: httpx.AsyncClient
    zone: Zone
    hindsight: Hindsight
    _tokens: dict[Role, str] = field(default_factory=dict)

    async def token(self, role: Role, zones: Sequence[str] | None = ("hall",)) -> str:
        granted = None if zones is None else frozenset(map(ZoneId, zones))
        return await self.credentials.create_token(Grant(role, granted, role.value), by="test")

    async def bearer(self, role: Role) -> dict[str, str]:
        """Headers of this role's token, the same one each time."""
        if role not in self._tokens:
            self._tokens[role] = await self.token(role)
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    async def command(
        self, path: str, body: Any = None, role: Role | None = Role.ADMIN, key: str | None = None
    ) -> httpx.Response:
        """POSTs below the zone, with a fresh Idempotency-Key unless one is given."""
        headers = {"Idempotency-Key": key or f"test-{next(_keys)}"}
        if role:
            headers |= await self.bearer(role)
        return await self.http.post(f"/api/v1/zones/hall/{path}", json={} if body is None else body, headers=headers)

    async def get(self, path: str, role: Role | None = None) -> httpx.Response:
        return await self.http.get(path, headers=await self.bearer(role) if role else {})

    async def draw(self, service: str = "new", **more: Any) -> dict[str, Any]:
        answer = await self.command("tickets", {"service": service, **more}, Role.DEVICE)
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()["ticket"]
        return ticket

    async def remember(self, quality: Quality | None = None, rhythm: Rhythm | None = None) -> None:
        """As if yesterday had ended so."""
        record, yesterday = TrackRecord(self.store.client, self.zone.id), self._yesterday()
        if quality:
            await record.keep_day(yesterday, quality, DayWaits(yesterday))
        await record.keep_rhythm(rhythm or Rhythm())
        await self.hindsight.refresh()

    def _yesterday(self) -> str:
        return (date.fromisoformat(self.hub.snapshot(self.zone.id).day) - timedelta(days=1)).isoformat()

    async def account(self, login: str = "anna", role: Role = Role.COUNTER) -> Account:
        hashed = await QUICK_PASSWORDS.hash(PASSWORD)
        grant = Grant(role, frozenset({ZoneId("hall")}), login)
        account = await self.credentials.add_account(login, grant, hashed, by="test")
        assert account is not None
        return account

    async def log_in(self, login: str = "anna", password: str = PASSWORD, **form: str) -> httpx.Response:
        form = {"login": login, "password": password, **form}
        return await self.http.post("/login", data=form, headers={"Origin": ORIGIN})


@contextlib.asynccontextmanager
async def open_web_office(
    url: str,
    data: Path,
    *zones: Zone,
    faces: Sequence[Face] = (),
    devices: Devices | None = None,
    site: Site | None = None,
    limits: Limits = SOON,
    **settings: Any,
) -> AsyncIterator[WebOffice]:
    configured = Settings(data=data, **settings)
    async with open_store(url) as store, contextlib.AsyncExitStack() as stack:
        office = {z.id: z for z in zones or (zone(),)}
        hindsight = Hindsight(store.client, office)
        engine = Engine(office, store.zones(office), hindsight=hindsight)
        await engine.open()
        identity, credentials = _identity(store, configured)
        assets = _assets(*((face.name, face.package) for face in faces))
        hub = await _running_hub(stack, url, engine, StreamAccess(identity), configured, assets.build, limits)
        devices, site = devices or plain_devices(office.values()), site or plain_site(office)
        watch = watch_over(devices, engine, store, hub)
        cases = case_office(site.cases, store, load_secret(configured), credentials.audit)
        post = post_office(MailStore(store.client), load_secret(configured), configured)
        frame = make_frame(
            engine, hub, configured, identity, assets, site, devices, Seats(store.client), watch, cases, post
        )
        stack.push_async_callback(frame.speech.close)
        if told := open_phones(configured, store, engine, hub, frame.links.path):
            frame = replace(frame, phones=told.phones)
            stack.push_async_callback(_cancelled, asyncio.create_task(told.watch.run()))
        app = create_app(frame, faces, store.check)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 40_000))
        http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        yield WebOffice(app, frame, engine, hub, store, credentials, http, next(iter(office.values())), hindsight)


@cache
def _assets(*faces: tuple[str, str]) -> Assets:
    """Once for all offices of a process: reading and packing them takes as long as the rest of an office."""
    return face_assets([Face(name, package, lambda _frame: ()) for name, package in faces])


def _identity(store: Store, settings: Settings) -> tuple[Identity, Credentials]:
    credentials = Credentials(store.client)
    idle_s, longest_s = 60 * settings.session_idle_minutes, 3600 * settings.session_longest_hours
    sessions = Sessions(store.client, credentials.account, idle_s, longest_s)
    tries = Tries(store.client, TRIES_WINDOW_S)
    identity = Identity(credentials, sessions, tries, credentials.audit, settings)
    identity.passwords = QUICK_PASSWORDS
    return identity, credentials


async def _running_hub(
    stack: contextlib.AsyncExitStack,
    url: str,
    engine: Engine,
    access: StreamAccess,
    settings: Settings,
    build: str,
    limits: Limits,
) -> Hub:
    async def find(zone_id: ZoneId, ticket: TicketId) -> Ticket | None:
        return await engine.ticket(zone_id, ticket)

    around = Surroundings(
        engine.zone,
        engine.clock,
        engine.begin_epoch,
        Forecast.from_json,
        find,
        access.revoked,
        lambda headers, peer: address_behind(headers, peer, settings),
    )
    hub = Hub(list(engine.office), [LogReader(connect_blocking(url), engine.office)], around, limits, build)
    running = asyncio.create_task(hub.run())
    stack.push_async_callback(_ended, hub, running)
    await hub.ready()
    return hub


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _ended(hub: Hub, running: asyncio.Task[None]) -> None:
    await hub.close()
    await _cancelled(running)
