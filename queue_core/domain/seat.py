"""Who sits at a counter: a page of some browser, never a person. Pure; decision 28 has the reasons.

Times are of this machine's clock: seats are of the house, not of a zone's day.
"""

import re
from dataclasses import dataclass
from typing import NewType

SeatId = NewType("SeatId", str)

#: A page that has said nothing for so long is gone: closed, asleep, cut off.
KEPT_MS = 120_000
#: A page at which nobody has pressed or clicked anything for so long stands alone.
ALONE_MS = 600_000

SEAT_FORM = r"^[A-Za-z0-9_-]{16,64}$"
_SEAT = re.compile(SEAT_FORM)


@dataclass(frozen=True, slots=True)
class Seat:
    """`session` is the fingerprint of the credential by which its page came; `used_ms`: somebody was at it."""

    id: SeatId
    session: str
    since_ms: int
    used_ms: int

    def is_alone(self, now_ms: int) -> bool:
        return now_ms - self.used_ms >= ALONE_MS


@dataclass(frozen=True, slots=True)
class Claim:
    """A page that wants the counter, or says that it is still there. `used`: somebody was at it since it last said so;
    `take`: also from another page; `with_visitor`: the counter holds a ticket."""

    seat: SeatId
    session: str
    used: bool = True
    take: bool = False
    with_visitor: bool = False


def seated(held: Seat | None, claim: Claim, now_ms: int) -> Seat:
    """Who sits there after the claim: another page than the claim's where that keeps its seat."""
    if held is not None and held.id == claim.seat:
        return Seat(held.id, claim.session, held.since_ms, now_ms if claim.used else held.used_ms)
    if held is not None and not (claim.take and may_be_taken(held, claim, now_ms)):
        return held
    return Seat(claim.seat, claim.session, now_ms, now_ms)


def may_be_taken(held: Seat, claim: Claim, now_ms: int) -> bool:
    """A visitor is not taken from somebody who is there; from one's own other window, and where nobody is, it is."""
    return not claim.with_visitor or held.session == claim.session or held.is_alone(now_ms)


def seat_id(text: str) -> SeatId | None:
    """None for what no page of ours makes."""
    return SeatId(text) if _SEAT.fullmatch(text) else None
