"""The slots of a service: when appointments begin, how long one is planned, and how many may be booked at a time. Pure.

Capacity is a set of limits: of the appointments of these services at most so many at any moment. A service has one for
the counters that serve it, one for all counters that it shares with other services, and one for the whole zone where
its file plans with fewer counters than there are; or none but its own fixed places. The moves keep to them in Lua
(store/lua/shared/slots.lua), `Occupancy` tells what is free.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from queue_core.domain.calendar import BusinessDay, business_day, day_named, opening_ms
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Appointments, Zone

#: Longer appointments are none that slots are made for; who looks for what overlaps looks back no further.
SLOT_MOST_MINUTES = 240
SLOT_MOST_MS = 60_000 * SLOT_MOST_MINUTES
#: A service's minutes are rounded up to such steps, so that times are good to say.
_STEP_MINUTES = 5
#: Of a day's places that nobody has booked: who holds times again and again, from however many addresses, leaves half.
_HELD_SHARE = 0.5
#: Two who take the last times of a day need not wait for each other.
_HELD_LEAST = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """At any moment at most so many appointments of these services."""

    services: frozenset[ServiceId]
    places: int


@dataclass(frozen=True, slots=True)
class DaySlots:
    """When the appointments of a service may begin on a business day."""

    day: BusinessDay
    begins_ms: tuple[int, ...]


def rules_of(zone: Zone, service: ServiceId) -> Appointments:
    """Raises `Refused` for a service that is not there, or for which nobody gives appointments."""
    if service not in zone.services:
        raise Refused(Refusal.UNKNOWN_SERVICE, {"id": service})
    if zone.appointments is None or service not in zone.appointments.services:
        raise Refused(Refusal.NOT_BOOKABLE, {"service": service})
    return zone.appointments


def length_ms(zone: Zone, service: ServiceId) -> int:
    """The time that is planned for one appointment."""
    own_s = zone.appointments.slot_s.get(service) if zone.appointments else None
    minutes = zone.services[service].minutes
    return min(1000 * (own_s or 60 * _STEP_MINUTES * ceil(minutes / _STEP_MINUTES)), SLOT_MOST_MS)


def day_slots(zone: Zone, service: ServiceId, day: date) -> DaySlots:
    """One after the other from each opening on, as long as one still ends before it closes. Raises `Refused`."""
    hours = rules_of(zone, service).hours or zone.hours_of(service)
    named, step_ms = day_named(zone, day), length_ms(zone, service)
    intervals = opening_ms(zone, hours, named)
    return DaySlots(named, tuple(b for opens, closes in intervals for b in range(opens, closes - step_ms + 1, step_ms)))


def slots(zone: Zone, service: ServiceId, from_day: date, days: int) -> Iterator[DaySlots]:
    return (day_slots(zone, service, from_day + timedelta(days=n)) for n in range(days))


def last_day(zone: Zone, now_ms: int) -> date:
    """The last business day for which visitors may book."""
    ahead = zone.appointments.days_ahead if zone.appointments else 0
    return business_day(zone, now_ms).day + timedelta(days=ahead)


def earliest_ms(zone: Zone, now_ms: int) -> int:
    """Visitors may book what begins from then on."""
    return now_ms + (1000 * zone.appointments.notice_s if zone.appointments else 0)


def require_slot(zone: Zone, service: ServiceId, slot_ms: int) -> None:
    """Raises `Refused` where no appointment of the service begins."""
    day = business_day(zone, slot_ms).day
    if slot_ms not in day_slots(zone, service, day).begins_ms:
        raise Refused(Refusal.NOT_OFFERED, {"service": service, "slot_ms": slot_ms})


def require_offer(zone: Zone, service: ServiceId, slot_ms: int, now_ms: int) -> None:
    """Raises `Refused` where visitors cannot book, whether or not a place is free. Notice is the move's to check."""
    require_slot(zone, service, slot_ms)
    until = last_day(zone, now_ms)
    if business_day(zone, slot_ms).day > until:
        raise Refused(Refusal.NOT_OFFERED, {"service": service, "slot_ms": slot_ms, "last_day": until.isoformat()})


def held_most(places: int) -> int:
    """So many of a day's places that are not booked may be merely held at a time."""
    return max(_HELD_LEAST, ceil(_HELD_SHARE * places))


def limits(zone: Zone, service: ServiceId) -> tuple[Limit, ...]:
    """What an appointment of the service must keep to; empty where nobody gives any."""
    rules = zone.appointments
    if rules is None or service not in rules.services:
        return ()
    if places := rules.per_slot.get(service):
        return (Limit(frozenset({service}), places),)
    sharing = frozenset(s for s in rules.services if s not in rules.per_slot)
    together = _joined(zone, service, sharing)
    found = dict.fromkeys((_limit(zone, rules, frozenset({service})), _limit(zone, rules, together)))
    if rules.counters:
        found[Limit(sharing, _places(rules, rules.counters))] = None
    return tuple(found)


def _limit(zone: Zone, rules: Appointments, services: frozenset[ServiceId]) -> Limit:
    serving = sum(not services.isdisjoint(counter.services) for counter in zone.counters.values())
    return Limit(services, _places(rules, min(serving, rules.counters or serving)))


def _places(rules: Appointments, counters: int) -> int:
    """At least one: an office that gives appointments has a place for one."""
    return max(1, int(rules.share * counters))


def _joined(zone: Zone, service: ServiceId, among: Collection[ServiceId]) -> frozenset[ServiceId]:
    """The services that share counters with it, directly or through others."""
    found, reached = {service}, [service]
    while reached:
        at = reached.pop()
        beside = {s for c in zone.counters.values() if at in c.services for s in c.services if s in among}
        reached += beside - found
        found |= beside
    return frozenset(found)
