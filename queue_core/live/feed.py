"""One zone as this process sees it: the log folded, what is estimated, and the channels of those who follow."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_not
from typing import Any

import orjson

from queue_core.domain.clock import ZoneClock
from queue_core.domain.errors import StoreAway
from queue_core.domain.events import RESHAPES, TRANSITIONS, Event, EventType
from queue_core.domain.model import CLOSED, Ticket, TicketId
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.domain.views import states
from queue_core.domain.views.drawn import DrawnTickets
from queue_core.domain.views.expected import Expected
from queue_core.domain.views.glimpse import glimpse, tickets_of
from queue_core.domain.views.lapses import Lapses
from queue_core.domain.views.last_moves import LastMoves
from queue_core.domain.views.scene import Outlook, Scene
from queue_core.domain.views.timetable import Timetable
from queue_core.domain.views.view import View
from queue_core.live.channel import SLICE, Channel
from queue_core.live.frames import Frame, Position
from queue_core.live.past import Past
from queue_core.real_clock import real_ms

log = logging.getLogger(__name__)

#: An estimate that nobody renewed for so long is no estimate any more.
OUTLOOK_KEPT_S = 60.0
#: A channel that nobody follows is kept so long, for those who only lost their connection.
CHANNEL_KEPT_S = 60.0
#: More events at once (a day's end) reach followers as one snapshot; but a call is told as such in any crowd.
EVENTS_MOST = 50
CALLS = frozenset({EventType.CALLED, EventType.RECALLED})

Observer = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Body:
    """A view's state for HTTP; the tag changes exactly when the bytes do."""

    json: bytes
    etag: str


class Feed:
    """`zone` and `clock` are asked again every time: both may change while we run."""

    def __init__(self, zone: Callable[[], Zone], clock: Callable[[], ZoneClock], coalesce_s: float) -> None:
        self._zone, self._clock, self._coalesce_s = zone, clock, coalesce_s
        self.observers: list[Observer] = []
        self.current = False
        self.past = Past()
        self._snapshot: Snapshot | None = None
        self._outlook: Outlook | None = None
        self._outlook_s = self._flushed_s = float("-inf")
        self._last_moves = LastMoves()
        self._timetable, self._lapses = Timetable(), Lapses()
        self._drawn, self._expected = DrawnTickets(), Expected()
        self._shared: dict[View, Channel] = {}
        self._own: dict[TicketId, Channel] = {}
        self._closed: dict[TicketId, Ticket] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._unflushed = False
        self._bodies: dict[View, tuple[tuple[int, bool], Body]] = {}
        self._version = 0
        self._renewed: dict[View, int] = {}
        self._timed: tuple[object, ...] = (None, None, None)

    # What this process knows

    @property
    def snapshot(self) -> Snapshot:
        """Raises `StoreAway` before the zone's log was first read."""
        if self._snapshot is None:
            raise StoreAway("the log has not been read yet")
        return self._snapshot

    @property
    def outlook(self) -> Outlook | None:
        """What was said of a zone at rest holds without being renewed."""
        if self._outlook is None or _now_s() - self._outlook_s < OUTLOOK_KEPT_S:
            return self._outlook
        still_so = self._outlook.as_of_seq == self.snapshot.seq and self.snapshot.is_at_rest()
        return self._outlook if still_so else None

    @property
    def outlook_age_s(self) -> float:
        """Since a forecast was last told, or since this process began to follow the zone; 0 for a zone at rest of which
        everything is said."""
        if self._outlook and self._outlook.as_of_seq == self.snapshot.seq and self.snapshot.is_at_rest():
            return 0.0
        return _now_s() - self._outlook_s

    @property
    def as_of(self) -> Position:
        return Position(self.snapshot.epoch, self.snapshot.seq)

    def now_ms(self) -> int:
        return self._clock().at(real_ms())

    @property
    def rate(self) -> float:
        return self._clock().rate

    @property
    def is_followed(self) -> bool:
        return bool(self._shared or self._own)

    @property
    def version(self) -> int:
        """Another number whenever a state may be another one: by the log, a forecast, its end, hours, or a lapse."""
        now_ms = self.now_ms()
        timed = self.outlook, self._timetable.at(self._zone(), now_ms), self._lapses.at(self._snapshot, now_ms)
        if any(map(is_not, timed, self._timed)):
            self._timed, self._version = timed, self._version + 1
        return self._version

    def scene(self) -> Scene:
        """For use at once: it looks at the living snapshot."""
        zone, now_ms, moves = self._zone(), self.now_ms(), self._last_moves.by_counter
        openings, lapsed = self._timetable.at(zone, now_ms), self._lapses.at(self.snapshot, now_ms)
        kept = self._closed, lapsed, self._drawn, self._expected
        return Scene(zone, self.snapshot, self.outlook, openings, moves, *kept)

    def body(self, view: View, ticket: TicketId | None = None) -> Body:
        now = self.version, self.current
        known, body = self._bodies.get(view, (None, None))
        if body is None or known != now or view is View.OWN:
            here = self.as_of
            known_as = {"epoch": here.epoch, "seq": here.seq, "current": self.current}
            state = {**known_as, **states.state(view, self.scene(), ticket)}
            json = orjson.dumps(state)
            body = Body(json, f'"{hashlib.blake2b(json, digest_size=12).hexdigest()}"')
            self._bodies[view] = (now, body)
        return body

    # What the log says

    def open(self, snapshot: Snapshot, tail: Sequence[Event] = ()) -> None:
        """From here on; followers forget what was before."""
        self._version += 1
        if self._snapshot is None or self._snapshot.epoch != snapshot.epoch:
            self._outlook, self._outlook_s = None, _now_s()
        self._snapshot = snapshot
        self._last_moves, self._expected = LastMoves(), Expected()
        self.past.begin(tail)
        self.current = True
        self._reshape()

    def happened(self, events: Sequence[Event]) -> None:
        self._version += 1
        self.current = True
        kinds = {e.type for e in events}
        at_once = bool(kinds & RESHAPES) or (len(events) > EVENTS_MOST and not kinds & CALLS)
        snapshot, is_followed = self.snapshot, self.is_followed
        for event in events:
            for observe in self.observers:
                observe(event)
            if self._own:
                self._remember_closed(event)
            snapshot.fold(event)
            self.past.add(event)
            if event.type is EventType.EPOCH_STARTED:
                self._outlook = None
            self._last_moves.fold(event)
            self._expected.fold(event)
            if is_followed and not at_once:
                self._show(event)
        if at_once:
            self._reshape()
        else:
            self._flush_soon()

    def estimated(self, outlook: Outlook) -> None:
        self._outlook, self._outlook_s = outlook, _now_s()
        self._flush_soon()

    def _show(self, event: Event) -> None:
        scene: Scene | None = None
        for view, ticket, channel in self._touched(event):
            if face := glimpse(view, event, ticket):
                scene = scene or self.scene()
                channel.happened(self.as_of, face, states.state(view, scene, ticket))

    def _touched(self, event: Event) -> Iterable[tuple[View, TicketId | None, Channel]]:
        yield from ((view, None, channel) for view, channel in self._shared.items())
        yield from ((View.OWN, t, self._own[t]) for t in tickets_of(event) if t in self._own)

    def _remember_closed(self, event: Event) -> None:
        """So that whoever follows a ticket sees how it ended."""
        for ticket in tickets_of(event) & self._own.keys():
            before = self.snapshot.tickets.get(ticket)
            if before and event.type in TRANSITIONS and TRANSITIONS[event.type][1] in CLOSED:
                self._closed[ticket] = replace(before, state=TRANSITIONS[event.type][1])

    def _reshape(self) -> None:
        scene, here = self.scene(), self.as_of
        for view, ticket, channel in self._channels():
            channel.reshaped(here, states.state(view, scene, ticket))

    def _channels(self) -> list[tuple[View, TicketId | None, Channel]]:
        return [*((v, None, c) for v, c in self._shared.items()), *((View.OWN, t, c) for t, c in self._own.items())]

    # Counts and waits: at most so often

    def _flush_soon(self) -> None:
        self._unflushed = True
        if self._flushing is None and (self._shared or self._own):
            self._flushing = asyncio.create_task(self._flush_all())

    async def _flush_all(self) -> None:
        try:
            while self._unflushed:
                await asyncio.sleep(self._flushed_s + self._coalesce_s - _now_s())
                self._unflushed, self._flushed_s = False, _now_s()
                await self.flush()
        except Exception:
            log.exception("followers of %s did not get the newest counts", self._zone().id)
        finally:
            self._flushing = None

    def refresh(self) -> None:
        """Time alone may have changed what is shown: hours, an estimate that nobody renewed."""
        self._flush_soon()

    async def flush(self) -> None:
        """Sends every follower what has changed beside events; in turns, for there may be thousands of own tickets."""
        channels = self._channels()
        for start in range(0, len(channels), SLICE):
            scene, here = self.scene(), self.as_of
            for view, ticket, channel in channels[start : start + SLICE]:
                channel.changed(here, states.state(view, scene, ticket))
            await asyncio.sleep(0)

    # Who follows

    def channel(self, view: View, ticket: TicketId | None = None) -> Channel:
        """The channel of this view, up to date unless it was a moment ago."""
        known = self._own.get(ticket) if ticket else self._shared.get(view)
        if known is None:
            known = Channel(states.state(view, self.scene(), ticket), self.as_of, _now_s())
            if ticket:
                self._own[ticket] = known
            else:
                self._shared[view] = known
        elif self._flushing is None and _now_s() - self._flushed_s >= self._coalesce_s:
            self._renew(known, view, ticket)
        return known

    def _renew(self, channel: Channel, view: View, ticket: TicketId | None) -> None:
        """Thousands come back at once after a restart, and all but the first find nothing new."""
        if ticket or self._renewed.get(view) != self.version:
            channel.changed(self.as_of, states.state(view, self.scene(), ticket))
            self._renewed[view] = self.version

    def know_closed(self, ticket: Ticket) -> None:
        """A ticket that was closed before anybody followed it."""
        if ticket.id not in self.snapshot.tickets and ticket.state in CLOSED:
            self._closed[ticket.id] = ticket

    def beat(self, frame: Frame, lag_most_s: float) -> None:
        for _, _, channel in self._channels():
            channel.cut_laggards(_now_s() - lag_most_s)
            channel.beat(frame)
        self._forget_idle(_now_s() - CHANNEL_KEPT_S)

    def stop(self) -> None:
        for _, _, channel in self._channels():
            channel.stop()
        if self._flushing:
            self._flushing.cancel()

    def _forget_idle(self, before_s: float) -> None:
        def is_idle(channel: Channel) -> bool:
            return channel.idle_since_s is not None and channel.idle_since_s < before_s

        self._shared = {view: channel for view, channel in self._shared.items() if not is_idle(channel)}
        self._own = {ticket: channel for ticket, channel in self._own.items() if not is_idle(channel)}
        self._closed = {ticket: t for ticket, t in self._closed.items() if ticket in self._own}


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def shown(outlook: Outlook | None, service: Any) -> Mapping[str, int] | None:
    """The range that a service shows now, as the issued event keeps it."""
    wait = outlook.services.get(service) if outlook else None
    return {"p10_s": wait.p10_s, "p50_s": wait.p50_s, "p90_s": wait.p90_s} if wait else None
