"""What happened last in a zone, for those who come back to a process that cannot resume them: it has just started, or
nobody followed their view here.

How the state was when they left is not known, so they get the events alone, each with an empty patch, and then a
snapshot: a call is heard though the server was away.
"""

from collections import deque
from collections.abc import Iterable

from queue_core.domain.events import RESHAPES, Event
from queue_core.domain.model import TicketId
from queue_core.domain.views.glimpse import glimpse
from queue_core.domain.views.view import View
from queue_core.live.frames import EventFrame, Frame, Position, together
from queue_core.store.reader import TAIL_MOST

#: As many as the reader looks back: some minutes of a busy zone.
KEPT = TAIL_MOST


class Past:
    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._told: dict[tuple[View, Position], list[Frame]] = {}

    def begin(self, events: Iterable[Event]) -> None:
        """With the last events before now, none missing."""
        self._events.clear()
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        self._told.clear()
        if event.type in RESHAPES:
            self._events.clear()
        self._events.append(event)

    def after(self, hello: Frame, view: View, ticket: TicketId | None, since: Position | None) -> Frame:
        """`hello`, and what happened since: for one that gets a snapshot then."""
        return together([hello, *(self.told_since(view, ticket, since) if since else ())])

    def told_since(self, view: View, ticket: TicketId | None, since: Position) -> list[Frame]:
        """[] when not all of it is known. Kept only for positions that exist: clients may name any."""
        if not self._events or not self._leads_on_from(since):
            return []
        if ticket:
            return self._frames(view, ticket, since)
        if (view, since) not in self._told:
            self._told[view, since] = self._frames(view, None, since)
        return self._told[view, since]

    def _frames(self, view: View, ticket: TicketId | None, since: Position) -> list[Frame]:
        frames, prev = [], since.seq
        for event in self._events:
            if event.seq > since.seq and (face := glimpse(view, event, ticket)):
                frames.append(EventFrame(Position(event.epoch, event.seq), prev, face, {}).frame)
                prev = event.seq
        return frames

    def _leads_on_from(self, since: Position) -> bool:
        first, last = self._events[0], self._events[-1]
        return first.epoch == since.epoch and first.seq - 1 <= since.seq <= last.seq
