"""The page behind a command: one that has lost its counter to another page commands nothing there any more.

A page names its seat with each command, `Wartezone-Seat: <counter>/<seat>`; programs with a token have and need none.
"""

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import unquote

from starlette.requests import Request

from queue_core.domain.model import CounterId, ZoneId
from queue_core.domain.seat import Claim, Seat, SeatId, seat_id
from queue_core.web.problems import Problem

SEAT_HEADER = "Wartezone-Seat"


class Seats(Protocol):
    """Which page sits at which counter (queue_core.store.seats)."""

    def now_ms(self) -> int: ...
    async def claim(self, zone: ZoneId, counter: CounterId, claim: Claim) -> Seat: ...
    async def leave(self, zone: ZoneId, counter: CounterId, seat: SeatId) -> bool: ...
    async def at(self, zone: ZoneId, counters: Sequence[CounterId]) -> dict[CounterId, Seat]: ...


async def require_seat(seats: Seats, request: Request, zone: ZoneId) -> None:
    """Raises `Problem` 409 where another page sits at the counter by now. A free one may be commanded."""
    named = named_seat(request)
    if named is None:
        return
    counter, seat = named
    holder = (await seats.at(zone, [counter])).get(counter)
    if holder is not None and holder.id != seat:
        raise seat_taken()


def named_seat(request: Request) -> tuple[CounterId, SeatId] | None:
    """Where the page that asks sits, by its own word. Raises `Problem` 400."""
    named = request.headers.get(SEAT_HEADER)
    if named is None:
        return None
    counter, _, own = named.rpartition("/")
    seat = seat_id(own)
    if not counter or seat is None:
        raise Problem(400, "seat_invalid", f"{SEAT_HEADER} is the counter's id, a slash and the page's seat.")
    return CounterId(unquote(counter)), seat


def seat_taken(**more: Any) -> Problem:
    return Problem(409, "seat_taken", "Another page works at this counter.", None, **more)
