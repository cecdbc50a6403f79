"""An estimator's laws from elsewhere: learned from days on record, or tried before they take the place of others."""

import math
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from queue_core.domain.calendar import business_day
from queue_core.domain.events import Event
from queue_core.domain.model import Counter, CounterId, CounterState, ServiceId, Ticket, TicketId, TicketState
from queue_core.domain.office import Zone
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.estimator import Estimator
from queue_core.estimate.knowledge import Knowledge

#: Nothing that is learned is larger: a time of this century in milliseconds is a fifth of it.
_LARGEST = 1e13
#: Laws are tried where so many wait for each service; sound ones take some ten slices.
_WAITING = 3
_SLICES_MOST = 2_000


def learn_day(zone: Zone, events: Iterable[Event], laws: Knowledge) -> None:
    """`laws` learn from a whole business day, from its `epoch_started` on. How forecasts turn out is not learned: that
    takes forecasts. Raises `STRANGE` for a log that cannot be followed."""
    estimator = Estimator(zone, laws=laws)
    for event in events:
        estimator.observe(event)
    estimator.end_day()


def try_laws(record: Mapping[str, Any], zone: Zone, now_ms: int) -> None:
    """On a hall at work. Raises `STRANGE` for what is no laws, or none to forecast by."""
    _check_numbers(record)
    estimator = Estimator(zone, _hall(zone, now_ms), Knowledge.from_json(record))
    with warnings.catch_warnings(action="ignore"):
        for n, _ in enumerate(estimator.slices(now_ms)):
            if n > _SLICES_MOST:
                raise ValueError("a forecast by them takes too long")
        estimator.by_queue_length(now_ms)
        _check_numbers(estimator.laws.to_json())


def _hall(zone: Zone, now_ms: int) -> Snapshot:
    """Somebody at every counter, and people waiting for every service."""
    day, nowhere = business_day(zone, now_ms), CounterId("")
    people = [(service, nowhere) for service in zone.services for _ in range(_WAITING)]
    people += [(place.services[0], place.id) for place in zone.counters.values()]
    tickets = [_ticket(zone, n, *who, now_ms) for n, who in enumerate(people, start=1)]
    held = {t.counter: t.id for t in tickets}
    return Snapshot(
        epoch=1,
        seq=len(people),
        day=day.day.isoformat(),
        day_from_ms=day.from_ms,
        day_to_ms=day.to_ms,
        at_ms=now_ms,
        ordinal=len(people),
        tickets={t.id: t for t in tickets},
        counters={c: Counter(c, CounterState.OPEN, held[c], since_ms=now_ms) for c in zone.counters},
        services=dict.fromkeys(zone.services, True),
    )


def _ticket(zone: Zone, ordinal: int, service: ServiceId, counter: CounterId, now_ms: int) -> Ticket:
    return Ticket(
        id=TicketId(f"t{ordinal}"),
        number=f"{ordinal}",
        series=zone.services[service].series,
        service=service,
        visitor_class=zone.default_class,
        state=TicketState.SERVING if counter else TicketState.WAITING,
        ordinal=ordinal,
        issued_ms=now_ms,
        arrival_ms=now_ms,
        rank_ms=now_ms,
        seq=ordinal,
        counter=counter,
        called_ms=now_ms if counter else 0,
        started_ms=now_ms if counter else 0,
    )


def _check_numbers(record: Any) -> None:
    """Raises `ValueError`."""
    if isinstance(record, Mapping):
        record = [*record.values()]
    if isinstance(record, list):
        for value in record:
            _check_numbers(value)
    elif isinstance(record, float | int) and not (math.isfinite(record) and abs(record) <= _LARGEST):
        raise ValueError(f"{record} is no number that is learned")
