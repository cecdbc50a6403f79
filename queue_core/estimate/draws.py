"""Who drew when, what was shown, and when the first call came: what a day's log or archive says of each ticket."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from queue_core.domain.events import Event, EventType
from queue_core.domain.model import ServiceId, TicketState


@dataclass(slots=True)
class Draw:
    """`came_ms` is the arrival, of an appointment its slot if that is later; `called_ms` the first call that was not
    undone, 0 for none. `left_ms`: given back before any call, or missed and not seen again; 0 for those who stayed.
    """

    service: ServiceId
    issued_ms: int
    came_ms: int
    not_before_ms: int = 0
    appointment: bool = False
    shown: Mapping[str, int] | None = None
    called_ms: int = 0
    left_ms: int = 0

    @property
    def wait_s(self) -> float:
        """The public wait: nobody waits before the time of an appointment."""
        return max(0, self.called_ms - self.came_ms) / 1000


class Draws:
    """Those of a day that may still go on: follow its events as they come. Tickets whose issue is not among the events
    are left out, and visitors who were served without a ticket: they waited for nothing."""

    def __init__(self) -> None:
        self._draws: dict[str, Draw] = {}

    def follow(self, event: Event) -> None:
        if event.type is EventType.ISSUED:
            self._draws[event.data["ticket"]] = _drawn(event)
        elif event.type is EventType.UNDONE:
            _undo(event, self._draws)
        elif event.data.get("direct"):
            self._draws.pop(event.data["ticket"], None)
        elif draw := self._draws.get(event.data.get("ticket", "")):
            _follow(event, draw)

    def __iter__(self) -> Iterator[Draw]:
        """In order of issue."""
        return iter(self._draws.values())


def draws_of(events: Iterable[Event]) -> list[Draw]:
    """Of a whole day, in order of issue."""
    draws = Draws()
    for event in events:
        draws.follow(event)
    return list(draws)


def _drawn(event: Event) -> Draw:
    """Who draws a number while the server is away is shown nothing; what the log has is of later. Who draws
    from elsewhere is called when they have come: no forecast is tried by that."""
    d = event.data
    arrival_ms, issued_ms = d["arrival_ms"], d["issued_ms"]
    afterwards = arrival_ms // 1000 != issued_ms // 1000
    return Draw(
        service=d["service"],
        issued_ms=issued_ms,
        came_ms=max(arrival_ms, d.get("slot_ms", 0)),
        not_before_ms=d.get("not_before_ms", 0),
        appointment=bool(d.get("booking")),
        shown=None if afterwards or d.get("confirm_by_ms") else d.get("estimate"),
    )


def _follow(event: Event, draw: Draw) -> None:
    if event.type is EventType.CALLED:
        draw.called_ms, draw.left_ms = draw.called_ms or event.at_ms, 0
    elif event.type is EventType.MISSED:
        draw.left_ms = event.at_ms
    elif event.type is EventType.RETURNED:
        draw.left_ms = 0
    elif event.type is EventType.CANCELLED and not draw.called_ms:
        draw.left_ms = event.at_ms


def _undo(event: Event, draws: Mapping[str, Draw]) -> None:
    """Who had never been called is so again, and who was missed is there again, or missed again."""
    for record in event.data["tickets"]:
        if draw := draws.get(record["id"]):
            draw.left_ms = event.at_ms if record["state"] == TicketState.MISSED else 0
            if not record.get("called_ms"):
                draw.called_ms = 0
