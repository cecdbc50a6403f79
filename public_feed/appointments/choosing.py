"""Choosing where, what and when; the chosen time is held. Every step is a page, so that scripts are not needed."""

import secrets
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from public_feed.appointments.offer import closed_holidays, new_day, offer
from queue_core.appointments import ASKED_DAYS_MOST
from queue_core.domain.calendar import business_day
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import BookingId, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.slots import length_ms, rules_of
from queue_core.engine import Once
from queue_core.web.access import Endpoint, public
from queue_core.web.address import client_address
from queue_core.web.crossing import require_own_site
from queue_core.web.face import Frame
from queue_core.web.login import with_forms
from queue_core.web.pages import with_language
from queue_core.web.problems import Problem, not_found

#: Refusals after which another time is what helps.
NO_TIME = frozenset(
    {
        Refusal.SLOT_FULL,
        Refusal.SLOT_BLOCKED,
        Refusal.TOO_SHORT_NOTICE,
        Refusal.NOT_OFFERED,
        Refusal.HOLD_LAPSED,
        Refusal.HOLDS_EXHAUSTED,
        Refusal.BOOKING_EXISTS,
    }
)
_CHOICE_WORD_MOST = 48
_KEY_BYTES = 12
_TIME_DIGITS_MOST = 13
_MINUTE_S = 60
_TOO_FAST = 429


def start(frame: Frame) -> Endpoint:
    """The zones that give appointments; of one alone at once what it gives them for."""

    @public
    async def start(request: Request) -> Response:
        zones = [zone for id_ in frame.engine.office if (zone := frame.engine.zone(id_)).appointments]
        if len(zones) == 1:
            return _services(frame, request, zones[0])
        return frame.page(request, "zones.html", {"zones": zones})

    return start


def services(frame: Frame) -> Endpoint:
    @public
    async def services(request: Request) -> Response:
        return _services(frame, request, _zone(frame, request))

    return services


def times(frame: Frame) -> Endpoint:
    @public
    async def times(request: Request) -> Response:
        zone, service = _wanted(frame, request)
        return times_page(frame, request, zone, service, base_path(zone, service))

    return times


def hold(frame: Frame) -> Endpoint:
    @public
    async def hold(request: Request) -> Response:
        require_own_site(request)
        zone, service = _wanted(frame, request)
        address = client_address(request, frame.settings)
        try:
            frame.holds_by_address.take(address)
        except Problem as problem:
            return _too_many(frame, request, problem)
        slot_ms, key = await sent_time(request)
        try:
            held = await frame.appointments.hold(zone.id, service, slot_ms, Once(f"address {address}", key))
        except Refused as refused:
            if refused.code not in NO_TIME:
                raise
            crowded = refused.code is Refusal.HOLDS_EXHAUSTED
            path = base_path(zone, service)
            return times_page(frame, request, zone, service, path, taken_ms=slot_ms, crowded=crowded)
        made = held.events[-1].data
        path = frame.booking_links.path(zone.id, BookingId(made["booking"]), made["made_ms"])
        return RedirectResponse(with_language(request, path), 303)

    return hold


async def sent_time(request: Request) -> tuple[int, str]:
    """The chosen time and the page's word for this choice: pressed twice, it counts once. Raises `Problem` 422."""
    form = await request.form()
    at, key = str(form.get("at", "")), str(form.get("key", ""))
    if not (at.isascii() and at.isdecimal() and len(at) <= _TIME_DIGITS_MOST) or len(key) > _CHOICE_WORD_MOST:
        raise Problem(422, "invalid_field", "at: choose one of the times of the page.")
    return int(at), f"{key or new_key()} {at}"


def new_key() -> str:
    return secrets.token_urlsafe(_KEY_BYTES)


def base_path(zone: Zone, service: ServiceId) -> str:
    return f"/appointments/{zone.id}/{service}"


def times_page(
    frame: Frame,
    request: Request,
    zone: Zone,
    service: ServiceId,
    path: str,
    taken_ms: int = 0,
    crowded: bool = False,
    **more: Any,
) -> Response:
    """The free times of a service. `taken_ms`: the one that was wanted and is not to be had; `crowded`: nor another one
    of its day for the moment."""
    take_ask(frame, request)
    now_ms = frame.hub.now_ms(zone.id)
    wanted = business_day(zone, taken_ms).day + timedelta(days=crowded) if taken_ms else _day(request, "day")
    free = frame.appointments.free(zone.id, service, _day(request, "from"), ASKED_DAYS_MOST)
    shown = offer(zone, free, wanted, now_ms, taken_ms, closed_holidays(zone, service, frame.site.holidays))
    context = {
        "zone": zone,
        "service": zone.services[service],
        "offer": shown,
        "new_day": None if shown.first_ms or shown.further else new_day(zone, service, now_ms),
        "minutes": length_ms(zone, service) // 60_000,
        "hold_minutes": zone.appointments.hold_s // _MINUTE_S if zone.appointments else 0,
        "taken": taken_ms > 0,
        "crowded": crowded,
        "now_ms": now_ms,
        "times_path": path,
        "key": new_key(),
        "moving": None,
        **more,
    }
    return with_forms(frame.page(request, "times.html", context, 409 if taken_ms else 200))


def take_ask(frame: Frame, request: Request) -> None:
    """Raises `Problem` 429."""
    frame.asks_by_address.take(client_address(request, frame.settings))


def _services(frame: Frame, request: Request, zone: Zone) -> Response:
    take_ask(frame, request)
    now_ms = frame.hub.now_ms(zone.id)
    given = zone.appointments.services if zone.appointments else ()
    firsts = {s: next(iter(frame.appointments.next_free(zone.id, s, now_ms, 1)), None) for s in given}
    context = {"zone": zone, "firsts": firsts, "now_ms": now_ms}
    return frame.page(request, "services.html", context)


def _zone(frame: Frame, request: Request) -> Zone:
    zone = frame.engine.zone(request.path_params["booking_zone"])
    if zone.appointments is None:
        raise not_found()
    return zone


def _wanted(frame: Frame, request: Request) -> tuple[Zone, ServiceId]:
    zone, service = _zone(frame, request), ServiceId(request.path_params["service"])
    rules_of(zone, service)
    return zone, service


def _day(request: Request, name: str) -> date | None:
    """What is no day is none asked for: a page has links, nobody types them."""
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        return None


def _too_many(frame: Frame, request: Request, problem: Problem) -> Response:
    wait_s = int(problem.headers.get("Retry-After", _MINUTE_S))
    page = frame.page(request, "too_many.html", {"minutes": -(-wait_s // _MINUTE_S)}, _TOO_FAST)
    page.headers["Retry-After"] = str(wait_s)
    return page
