"""Q-Lasso: the wait as a linear function of what can be seen of the queue (Ang, Kwasnick, Bayati, Plambeck and
Aratow, Manufacturing & Service Operations Management 18, 2016, 141-156), with the fluid model's wait among the columns.

Trained at each day's end on all waits so far, one line a service. On its first day it is trained anew as waits come
in; before that it says what the typed averages say, which is its fluid column.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from queue_core.domain.calendar import local_time
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import AT_COUNTER, ServiceId, Ticket, TicketId
from queue_core.domain.office import Zone
from queue_core.evaluate.outcomes import IDLE_WAIT_S
from queue_core.evaluate.rivals.ahead import typed_s
from queue_core.evaluate.rivals.lasso import Lasso, fitted
from queue_core.evaluate.rivals.rule import Rule, waits_since_ms

#: So many waits of a service before it has a line of its own, and again on the first day until the next training.
_ENOUGH = 40
#: Waits kept for training, about two weeks of a service.
_KEPT = 3000
_HOURS = (9, 11, 13, 15)


class Regression(Rule):
    name = "regression"

    def __init__(self, zone: Zone) -> None:
        super().__init__(zone)
        self._lines: dict[ServiceId, Lasso] = {}
        self._rows: dict[ServiceId, list[tuple[Sequence[float], float]]] = defaultdict(list)
        self._seen: dict[TicketId, tuple[int, Sequence[float]]] = {}
        self._first_day = True

    def observe(self, event: Event) -> None:
        super().observe(event)
        if event.type is EventType.ISSUED:
            ticket = self.state.tickets[event.data["ticket"]]
            self._seen[ticket.id] = event.at_ms, self._row(ticket, event.at_ms)
        elif event.type is EventType.CALLED and event.data["ticket"] in self._seen:
            issued_ms, row = self._seen.pop(event.data["ticket"])
            wait_s = (event.at_ms - issued_ms) / 1000
            if wait_s >= IDLE_WAIT_S:
                self._keep(event.data["service"], row, wait_s)

    def wait_s(self, ticket: Ticket, now_ms: int) -> float | None:
        line, row = self._lines.get(ticket.service), self._row(ticket, now_ms)
        return float(line.answer(np.array(row))) if line else row[0]

    def end_day(self) -> None:
        super().end_day()
        self._seen.clear()
        self._first_day = False
        for service in self._rows:
            self._train(service)

    def _keep(self, service: ServiceId, row: Sequence[float], wait_s: float) -> None:
        rows = self._rows[service]
        rows.append((row, wait_s))
        del rows[:-_KEPT]
        if self._first_day and len(rows) % _ENOUGH == 0:
            self._train(service)

    def _train(self, service: ServiceId) -> None:
        rows = self._rows[service]
        if len(rows) >= _ENOUGH:
            self._lines[service] = fitted(np.array([row for row, _ in rows]), np.array([wait_s for _, wait_s in rows]))

    def _row(self, ticket: Ticket, now_ms: int) -> list[float]:
        """The columns; the fluid model's wait first."""
        before, is_open = self.before(ticket, now_ms), self.open_counters()
        counters = [self.state.counters[c] for c in sorted(self.serving(ticket.service) & is_open)]
        at_work = [self.state.tickets[c.ticket] for c in counters if c.ticket]
        ages_s = [(now_ms - t.called_ms) / 1000 for t in at_work if t.state in AT_COUNTER]
        of_service = Tally(t.service for t in before)
        ahead = {s: of_service[s] for s in self.zone.services}
        at = local_time(self.zone, now_ms)
        hour = at.hour + at.minute / 60
        return [
            self.work_s(ticket, now_ms, is_open, lambda service: typed_s(self.zone, service)) or 0.0,
            ahead.get(ticket.service, 0) / max(1, len(counters)),
            len(counters),
            len(counters) - len(at_work),
            sum(ages_s),
            max(ages_s, default=0.0),
            ticket.visitor_class != self.zone.default_class,
            max(0.0, (waits_since_ms(ticket) - now_ms) / 1000),
            hour,
            *(float(hour >= bound) for bound in _HOURS),
            *ahead.values(),
        ]
