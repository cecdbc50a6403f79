"""Plays through the real HTTP API, as kiosks and desks do: with a token, a key per command, and patience."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx

from queue_core.domain.booking_commands import Book, CancelBooking, CheckIn, MoveBooking
from queue_core.domain.clock import ZoneClock
from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    CloseService,
    Command,
    Finish,
    Issue,
    Miss,
    OpenCounter,
    OpenService,
    Park,
    PauseCounter,
    Recall,
    Return,
    Start,
    Transfer,
    Undo,
)
from queue_core.domain.errors import Refusal, Refused, StoreAway
from queue_core.domain.model import TicketId, TicketState, ZoneId
from queue_core.real_clock import real_ms

#: Answers after which the command may not have happened: repeat it with its key.
_REPEATED = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_TRIES_MOST = 60
_PAUSE_S = 1.0

_COUNTER_VERBS: dict[type[Command], str] = {
    CallNext: "call-next",
    OpenCounter: "open",
    PauseCounter: "pause",
    CloseCounter: "close",
    Recall: "recall",
    Start: "start",
    Finish: "finish",
    Miss: "miss",
    Park: "park",
    Undo: "undo",
}
_TICKET_VERBS: dict[type[Command], str] = {
    CallTicket: "call",
    Cancel: "cancel",
    Return: "return",
    Transfer: "transfer",
}
_SERVICE_VERBS: dict[type[Command], str] = {OpenService: "open", CloseService: "close"}
_BOOKING_VERBS: dict[type[Command], str] = {CheckIn: "check-in", MoveBooking: "move", CancelBooking: "cancel"}
#: Fields that stand in the address, or that the server fills in from the caller's rights.
_NOT_IN_BODY: Mapping[str, Collection[type[Command]]] = {
    "ticket": _TICKET_VERBS,
    "counter": _COUNTER_VERBS,
    "service": _SERVICE_VERBS,
    "booking": _BOOKING_VERBS,
    "slot_ms": {Book, MoveBooking},
    "by": {Cancel},
    "pick": {CallTicket},
}
_CALLED_IN_BODY = {"to_service": "service", "to_counter": "counter"}

Sleep = Callable[[float], Awaitable[None]]


class Request(NamedTuple):
    path: str
    body: dict[str, Any]


def request(zone: ZoneId, command: Command) -> Request:
    """The API's way of saying the command."""
    kind, base = type(command), f"/api/v1/zones/{zone}"
    given: dict[str, Any] = {f.name: value for f in fields(command) if (value := getattr(command, f.name))}
    slot = {"slot_at": datetime.fromtimestamp(given["slot_ms"] / 1000, UTC).isoformat()} if "slot_ms" in given else {}
    body = slot | {
        _CALLED_IN_BODY.get(n, n): value for n, value in given.items() if kind not in _NOT_IN_BODY.get(n, ())
    }
    if kind in _COUNTER_VERBS:
        return Request(f"{base}/counters/{given['counter']}/{_COUNTER_VERBS[kind]}", body)
    if kind in _TICKET_VERBS:
        return Request(f"{base}/tickets/{given['ticket']}/{_TICKET_VERBS[kind]}", body)
    if kind in _SERVICE_VERBS:
        return Request(f"{base}/services/{given['service']}/{_SERVICE_VERBS[kind]}", body)
    if kind in _BOOKING_VERBS:
        return Request(f"{base}/bookings/{given['booking']}/{_BOOKING_VERBS[kind]}", body)
    if kind is Book:
        return Request(f"{base}/bookings", body)
    if kind is Issue:
        return Request(f"{base}/tickets", body)
    raise ValueError(f"no simulated visitor or clerk does {kind.__name__}")


class HttpPort:
    """`clock` maps the zone's time to this machine's. `name` makes the keys: unique for every playing."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        zone: ZoneId,
        clock: ZoneClock,
        name: str,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client, self._zone, self._clock, self._name, self._sleep = client, zone, clock, name, sleep
        self._commands = 0

    async def advance_to(self, at_ms: int) -> None:
        left_ms = at_ms - self._clock.at(real_ms())
        if left_ms > 0:
            await self._sleep(left_ms / self._clock.rate / 1000)

    async def do(self, command: Command) -> TicketId | None:
        """Raises `StoreAway` when a minute of repetitions brought no answer."""
        self._commands += 1
        path, body = request(self._zone, command)
        response = await self._answer(path, body, {"Idempotency-Key": f"{self._name}-{self._commands}"})
        if response.status_code == HTTPStatus.NO_CONTENT:
            return None
        if response.is_error:
            raise _refused(response)
        ticket = response.json().get("ticket") or {}
        gives_ticket = isinstance(command, Issue | CheckIn) or ticket.get("state") == TicketState.CALLED
        return TicketId(ticket["id"]) if ticket and gives_ticket else None

    async def _answer(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        for _ in range(_TRIES_MOST):
            try:
                response = await self._client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                await self._sleep(_PAUSE_S)
                continue
            if response.status_code not in _REPEATED:
                return response
            await self._sleep(float(response.headers.get("Retry-After", _PAUSE_S)))
        raise StoreAway(f"no answer to POST {path} after {_TRIES_MOST} tries")


def _refused(response: httpx.Response) -> Exception:
    """The refusal that the problem details tell of; other problems are faults of ours and end the simulation."""
    problem = response.json() if "json" in response.headers.get("Content-Type", "") else {}
    if problem.get("code") in set(Refusal):
        return Refused(Refusal(problem["code"]), problem)
    return httpx.HTTPStatusError(response.text, request=response.request, response=response)
