"""Simulated visitors and clerks on the real API of a running server, the zone clocks running fast."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import httpx

from queue_core.domain.errors import WartezoneError
from queue_core.domain.office import Zone
from queue_core.domain.principal import Grant, Role, fingerprint
from queue_core.engine import Engine
from queue_core.office_file import default_config, read_office
from queue_core.serve.demo_cases import how_to_try, keep_turning, show_applications
from queue_core.settings import Settings
from queue_core.simulate.office import DayPlayed, play_over_http
from queue_core.simulate.progress import day_bars
from queue_core.store.access import store_at
from queue_core.store.credentials import Credentials
from queue_core.store.opened import open_store

log = logging.getLogger(__name__)

_NAME = "simulated people"


def demo(rate: float, seed: int) -> Callable[[Settings, Engine, Credentials], Awaitable[None]]:
    """The demo's companion: plays all zones, day after day."""

    async def companion(settings: Settings, engine: Engine, credentials: Credentials) -> None:
        zones = list(engine.office.values())
        await asyncio.gather(
            play_live(settings.base_url, zones, seed, rate, engine, credentials),
            _show_applications(settings, zones, seed, credentials),
        )

    return companion


async def _show_applications(settings: Settings, zones: Sequence[Zone], seed: int, credentials: Credentials) -> None:
    rules = read_office(settings.config or default_config()).site.cases
    if not rules.stages:
        return
    async with simulated_people(credentials, zones) as token:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=settings.base_url, headers=headers, trust_env=False) as http:
            try:
                await show_applications(http, rules, seed)
            except httpx.HTTPError as e:
                log.warning("there are no applications to try: %s", e)
                return
            print(how_to_try(settings.base_url, rules), flush=True)
            await keep_turning(http, rules)


async def play_live(
    base_url: str,
    zones: Sequence[Zone],
    seed: int,
    rate: float,
    engine: Engine,
    credentials: Credentials,
    days: int | None = None,
) -> list[DayPlayed]:
    """Plays `days` open days of each zone at `rate` times real time, for ever without; one seed, the same days.

    `engine` winds the clocks; the token that it needs is revoked at the end.
    """
    try:
        async with simulated_people(credentials, zones) as token:
            with day_bars(zones) as watch:
                return await play_over_http(base_url, token, zones, seed, rate, engine, watch, days)
    except ExceptionGroup as group:
        raise next((e for e in group.exceptions if isinstance(e, WartezoneError)), group) from group


@asynccontextmanager
async def simulated_people(credentials: Credentials, zones: Sequence[Zone]) -> AsyncIterator[str]:
    """A token for all that people do in these zones, revoked at the end."""
    token = await credentials.create_token(Grant(Role.ADMIN, frozenset(z.id for z in zones), _NAME), by=_NAME)
    try:
        yield token
    finally:
        if principal := await credentials.by_digest(fingerprint(token)):
            await credentials.revoke_token(principal.id.partition(":")[2], by=_NAME)


async def play_over(
    settings: Settings, zone: Zone, days: int, seed: int, base_url: str, rate: float
) -> list[DayPlayed]:
    """Plays one zone through the API at `base_url`, whose data `settings` name: the zone's clock is wound there."""
    with store_at(settings.data, settings.external_store) as url:
        async with open_store(url) as store:
            clocks = Engine({zone.id: zone}, store.zones([zone.id]))
            return await play_live(base_url, [zone], seed, rate, clocks, Credentials(store.client), days)
