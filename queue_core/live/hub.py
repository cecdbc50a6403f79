"""One process's live zones: follows their logs and keeps everybody who watches them up to date.

Nothing here is truth: a hub can die and another builds the same from the store.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from queue_core.domain.clock import ZoneClock
from queue_core.domain.errors import StoreAway, UnknownZone
from queue_core.domain.model import BookingId, ServiceId, Ticket, TicketId, ZoneId
from queue_core.domain.office import Zone
from queue_core.domain.prospect import Slot
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.views.records import wait_of
from queue_core.domain.views.scene import Outlook
from queue_core.domain.views.view import View
from queue_core.live import frames
from queue_core.live.access import ClientIp, Revoked
from queue_core.live.audience import Audience, Following
from queue_core.live.client import Client, Stopping
from queue_core.live.codes import Close
from queue_core.live.farewell import send_away
from queue_core.live.feed import Body, Feed, Observer, shown
from queue_core.live.frames import Frame, Position
from queue_core.live.limits import Limits, Seats
from queue_core.live.log_follower import BeginEpoch, LogFollower
from queue_core.live.past import Past
from queue_core.live.sse import SseStream
from queue_core.real_clock import real_ms
from queue_core.store.reader import LogReader

log = logging.getLogger(__name__)

#: Most have gone by then; who has not is cut.
_EMPTY_WITHIN_S = 1.0

FindTicket = Callable[[ZoneId, TicketId], Awaitable[Ticket | None]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a hub asks of the rest: a zone's configuration and clock as they are now; a new epoch (zone, cause, after
    which epoch) when the store lost history, so that the zone is whole again; what a published forecast says; a ticket
    of today that may be closed; which credentials of open streams have ended; whose address a connection is."""

    zone: Callable[[ZoneId], Zone]
    clock: Callable[[ZoneId], ZoneClock]
    begin_epoch: BeginEpoch
    outlook: Callable[[Mapping[str, Any]], Outlook]
    ticket: FindTicket
    revoked: Revoked
    client_ip: ClientIp


class Hub:
    def __init__(
        self,
        zones: Iterable[ZoneId],
        readers: Sequence[LogReader],
        around: Surroundings,
        limits: Limits,
        build: str,
    ) -> None:
        self.limits = limits
        self.seats = Seats(limits)
        self._feeds = {z: Feed(partial(around.zone, z), partial(around.clock, z), limits.coalesce_s) for z in zones}
        self._readers = readers
        self._around = around
        self._follower = LogFollower(self._feeds, around.begin_epoch, around.outlook)
        self._build = build
        self._audience = Audience()
        self._empty = asyncio.Event()
        self._stopping = False

    # For faces and the composition root

    async def run(self) -> None:
        """Follows all logs until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for reader in self._readers:
                    tasks.create_task(self._follower.follow(reader))
                tasks.create_task(self._beat())
                tasks.create_task(self._recheck())
        finally:
            for feed in self._feeds.values():
                feed.stop()
            for reader in self._readers:
                await reader.close()

    async def ready(self) -> None:
        """Returns when every zone has been read once."""
        await self._follower.opened.wait()

    def observe(self, zone: ZoneId, observer: Observer) -> None:
        """`observer` gets every event of the zone from now on, before it is folded into the snapshot."""
        self._feed(zone).observers.append(observer)

    def snapshot(self, zone: ZoneId) -> Snapshot:
        """The living snapshot: read it at once, never change it. Raises `UnknownZone`, `StoreAway` (not read yet)."""
        return self._feed(zone).snapshot

    def forecast(self, zone: ZoneId) -> Outlook | None:
        return self._feed(zone).outlook

    def forecast_age_s(self, zone: ZoneId) -> float:
        return self._feed(zone).outlook_age_s

    def shown(self, zone: ZoneId, service: ServiceId) -> Mapping[str, int] | None:
        return shown(self._feed(zone).outlook, service)

    def wait(self, zone: ZoneId, ticket: TicketId) -> Mapping[str, Any]:
        """`{wait, reason}` of a waiting ticket, as its own page has them."""
        return wait_of(self._feed(zone).scene(), ticket)

    def expected(self, zone: Zone, booking: BookingId) -> Mapping[str, int] | None:
        """{p10_s, p50_s, p90_s} until the call, for whoever comes to this appointment in time; None where nobody knows,
        and once that is no longer possible."""
        feed = self._feed(zone.id)
        if (outlook := feed.outlook) is None or (found := feed.snapshot.bookings.get(booking)) is None:
            return None
        now_ms, times = feed.now_ms(), outlook.slots.get(Slot.of(found))
        in_time = now_ms <= found.slot_ms + 1000 * zone.rules.booking_grace_s
        return times.wait(now_ms) if times and in_time else None

    def state(self, zone: ZoneId, view: str, ticket: TicketId | None = None) -> bytes:
        """`{epoch, seq, ...}`: the position and the view's state, as JSON."""
        return self.body(zone, view, ticket).json

    def body(self, zone: ZoneId, view: str, ticket: TicketId | None = None) -> Body:
        return self._feed(zone).body(View(view), ticket)

    def version(self, zone: ZoneId) -> int:
        """The same as long as no body of the zone can have changed."""
        return self._feed(zone).version

    def past(self, zone: ZoneId) -> Past:
        return self._feed(zone).past

    def is_current(self, zone: ZoneId) -> bool:
        """The log was read, and the store answers."""
        return self._feed(zone).current

    def now_ms(self, zone: ZoneId) -> int:
        return self._feed(zone).now_ms()

    def sse(self, zone: ZoneId, view: str, ticket: TicketId | None, last_event_id: str | None) -> SseStream:
        return SseStream(self, zone, View(view), ticket, last_event_id, self._around.client_ip)

    @property
    def clients(self) -> Mapping[Client, Following]:
        return self._audience.following

    def drop(self, credential: str) -> None:
        """Ends every stream that was opened with this credential."""
        for client in self._audience.holders(credential):
            client.end(Close.UNAUTHENTICATED, "revoked")

    async def close(self) -> None:
        """Sends everybody away, to come back to whoever runs next, and takes nobody any more."""
        self._stopping = True
        self._follower.stop()
        await send_away(self._audience.following)
        if self._audience:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EMPTY_WITHIN_S):
                    await self._empty.wait()
        # A write of redis-py may swallow a cancellation (wait_for before Python 3.12); a closed connection ends it.
        for reader in self._readers:
            await reader.close()

    # For transports

    def require(self, zone: ZoneId) -> None:
        """Raises `Stopping`, `UnknownZone`, `StoreAway`."""
        if self._stopping:
            raise Stopping
        _ = self._feed(zone).snapshot

    async def recall(self, zone: ZoneId, ticket: TicketId) -> None:
        """Before joining as the follower of a ticket, which may be closed already. Raises what `require` raises."""
        self.require(zone)
        feed = self._feed(zone)
        if ticket not in feed.snapshot.tickets and (closed := await self._around.ticket(zone, ticket)):
            feed.know_closed(closed)

    def join(self, client: Client, zone: ZoneId, view: View, ticket: TicketId | None, since: Position | None) -> None:
        """From now on the client gets frames, the first ones at once. Raises what `require` raises."""
        self.require(zone)
        feed = self._feed(zone)
        channel = feed.channel(view, ticket)
        self._audience.add(client, Following(zone, view, ticket, channel))

        def hello(is_resumed: bool) -> Frame:
            frame = self._hello(zone, view, is_resumed)
            return frame if is_resumed else feed.past.after(frame, view, ticket, since)

        channel.join(client, since, hello)

    def leave(self, client: Client) -> None:
        if following := self._audience.remove(client):
            following.channel.leave(client, asyncio.get_running_loop().time())
        if self._stopping and not self._audience:
            self._empty.set()

    def caught_up(self, client: Client) -> None:
        """A client that lagged has drained."""
        if following := self._audience.following.get(client):
            following.channel.caught_up(client)

    # What goes on all the time

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.limits.heartbeat_s)
            for zone, feed in self._feeds.items():
                try:
                    if feed.is_followed:
                        feed.refresh()
                        feed.beat(self._heartbeat(zone), self.limits.lag_most_s)
                except Exception:
                    log.exception("zone %s missed a heartbeat", zone)

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(self.limits.recheck_s)
            held = self._audience.credentials
            try:
                for credential in await self._around.revoked(held) if held else ():
                    self.drop(credential)
            except StoreAway as e:
                log.warning("credentials of streams could not be looked at: %s", e.cause)
            except Exception:
                log.exception("credentials of streams could not be looked at")

    def _feed(self, zone: ZoneId) -> Feed:
        if zone not in self._feeds:
            raise UnknownZone(zone)
        return self._feeds[zone]

    def _heartbeat(self, zone: ZoneId) -> Frame:
        return frames.plain("heartbeat", **self._pulse(zone))

    def _hello(self, zone: ZoneId, view: View, is_resumed: bool) -> Frame:
        heartbeat_ms = round(1000 * self.limits.heartbeat_s)
        more = {"zone": zone, "view": view, "resumed": is_resumed, "heartbeat_ms": heartbeat_ms}
        return frames.plain("hello", **more, **self._pulse(zone))

    def _pulse(self, zone: ZoneId) -> dict[str, Any]:
        feed = self._feeds[zone]
        return {
            "epoch": feed.as_of.epoch,
            "as_of_seq": feed.as_of.seq,
            "current": feed.current,
            "build": self._build,
            "sent_ms": real_ms(),
            "zone_ms": feed.now_ms(),
            "rate": feed.rate,
        }
