"""A file of appointments taken into a zone, whatever the store does meanwhile.

Every appointment is a command of its own, several under way at once: the store's line sends what waits together. One
that got no answer is repeated: if it happened, its code is booked just so, and all is well.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeVar

from queue_core.appointment_file import Appointments, appointments, is_told_alike
from queue_core.domain.errors import Refusal, Refused, StoreAway, WartezoneError
from queue_core.domain.model import Booking, BookingId
from queue_core.domain.office import Zone
from queue_core.table_file import Fault, RowFault, Wrong

#: How long a store that answers nothing is waited for: longer than it takes to start anew, shorter than people wait.
PATIENCE_S = 15.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0
#: Less than a batch of the store's line: who calls the next visitor meanwhile waits for no file.
_UNDER_WAY = 64

Answer = TypeVar("Answer")


class Register(Protocol):
    """A zone's appointments. All of it raises `StoreAway` while the store does not answer."""

    async def read(self) -> tuple[Mapping[BookingId, Booking], int]:
        """All that are not over, those that are held or have been checked in included; and the zone's time."""

    async def find(self, booking: BookingId) -> Booking:
        """Raises `Refused`."""

    async def book(self, booking: Booking) -> None:
        """Raises `Refused`."""


class IntakeWrong(Wrong):
    REFUSED = "{refusal}"


class Unfinished(WartezoneError):
    """At least `booked` of the `of` new appointments are; the same file can be repeated. `fault`: the row that the zone
    refused; without one the store was away for too long."""

    def __init__(self, booked: int, of: int, fault: Fault | None = None) -> None:
        why = str(fault) if fault else "the store does not answer"
        done = f"{booked} of {of} appointments are booked" if of else "nothing is booked"
        super().__init__(f"{why}; {done}, the same file can be repeated")
        self.booked, self.of, self.fault = booked, of, fault


class Patience:
    """Repeats what got no answer, until nothing at all has been answered for so long."""

    def __init__(self, most_s: float = PATIENCE_S) -> None:
        self._most_s = most_s
        self._heard_s = asyncio.get_running_loop().time()

    async def of(self, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """Raises the last `StoreAway`, and at once whatever else `act` raises."""
        loop, pause_s = asyncio.get_running_loop(), _FIRST_PAUSE_S
        while True:
            try:
                answer = await act()
            except StoreAway:
                if loop.time() - self._heard_s >= self._most_s:
                    raise
            else:
                self._heard_s = loop.time()
                return answer
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


async def take_in(register: Register, zone: Zone, content: bytes, name: str, patience: Patience) -> Appointments:
    """Raises `FileInvalid`: nothing is booked; `Unfinished`: a part of it may be."""
    try:
        booked, now_ms = await patience.of(register.read)
    except StoreAway as e:
        raise Unfinished(0, 0) from e
    # Beside the loop: a long file takes a second to read, and everybody's screens and commands would stand still.
    found = await asyncio.to_thread(appointments, content, name, zone, booked, now_ms)
    await _Intake(register, found.fresh, name, patience).run()
    return found


class _Intake:
    def __init__(self, register: Register, fresh: Mapping[int, Booking], name: str, patience: Patience) -> None:
        self._register, self._name, self._patience = register, name, patience
        self._rows, self._of = iter(fresh.items()), len(fresh)
        self._booked, self._is_stopped = 0, False
        self._fault: Fault | None = None

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(_UNDER_WAY, self._of)):
                group.create_task(self._work())
        if self._is_stopped:
            raise Unfinished(self._booked, self._of, self._fault)

    async def _work(self) -> None:
        for line, booking in self._rows:
            if self._is_stopped:
                return
            try:
                await self._book(booking)
                self._booked += 1
            except StoreAway:
                self._is_stopped = True
            except Refused as e:
                self._is_stopped = True
                self._fault = RowFault(IntakeWrong.REFUSED, refusal=e.code.value).at(self._name, line)

    async def _book(self, booking: Booking) -> None:
        try:
            await self._patience.of(lambda: self._register.book(booking))
        except Refused as e:
            if e.code is not Refusal.BOOKING_EXISTS:
                raise
            there = await self._patience.of(lambda: self._register.find(booking.id))
            if not is_told_alike(there, booking):
                raise
