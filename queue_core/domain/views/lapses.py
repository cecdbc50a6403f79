"""Who drew elsewhere and has not come in time: the log tells it only with the next call."""

from queue_core.domain.model import TicketId, TicketState
from queue_core.domain.snapshot import Snapshot

_NEVER = float("inf")


class Lapses:
    """Worked out anew only when an event has happened or a time has run out; else the same object."""

    def __init__(self) -> None:
        self._of: tuple[int, int] | None = None
        self._from_ms, self._until_ms = 0, 0.0
        self._lapsed: frozenset[TicketId] = frozenset()

    def at(self, snapshot: Snapshot | None, now_ms: int) -> frozenset[TicketId]:
        """Nobody before the log was first read."""
        if snapshot is None:
            return self._lapsed
        of = snapshot.epoch, snapshot.seq
        if of != self._of or not self._from_ms <= now_ms < self._until_ms:
            self._of, self._from_ms = of, now_ms
            self._until_ms = min((t for t in _unconfirmed(snapshot).values() if t > now_ms), default=_NEVER)
            now = lapsed(snapshot, now_ms)
            self._lapsed = self._lapsed if now == self._lapsed else now
        return self._lapsed


def lapsed(snapshot: Snapshot, now_ms: int) -> frozenset[TicketId]:
    return frozenset(ticket for ticket, by_ms in _unconfirmed(snapshot).items() if by_ms <= now_ms)


def _unconfirmed(snapshot: Snapshot) -> dict[TicketId, int]:
    """Until when each has to be confirmed. Where nobody drew from elsewhere today, nobody is looked through."""
    if not snapshot.remote:
        return {}
    tickets = snapshot.tickets.values()
    return {t.id: t.confirm_by_ms for t in tickets if t.confirm_by_ms and t.state is TicketState.WAITING}
