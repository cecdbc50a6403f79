"""The demo's companion: simulated visitors and clerks on the real API, the zone clocks running fast."""

from collections.abc import Awaitable, Callable

from queue_core.domain.principal import Grant, Role
from queue_core.serve.building import House
from queue_core.settings import Settings
from queue_core.simulate.office import play_over_http
from queue_core.simulate.progress import day_bars

_NAME = "demo"


def demo(rate: float, seed: int) -> Callable[[Settings, House], Awaitable[None]]:
    """Plays day after day at `rate` times real time; one seed, the same days."""

    async def companion(settings: Settings, house: House) -> None:
        zones = list(house.engine.office.values())
        token = await house.credentials.create_token(Grant(Role.ADMIN, None, _NAME), by=_NAME)
        with day_bars(zones) as watch:
            await play_over_http(settings.base_url, token, zones, seed, rate, house.engine, watch)

    return companion
