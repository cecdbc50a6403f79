"""Visitors, drawn in full before they come: for what, how long, and how they behave.

Everything that chance decides about a visitor is drawn here and not when it happens, so that two ways of playing a day
see the same people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from queue_core.domain.model import BookingId, ClassId, CounterId, ServiceId
from queue_core.domain.office import Zone
from queue_core.simulate.habits import DEMO, Habits, Manners, Talks
from queue_core.simulate.spread import LogNormal


class Shows(StrEnum):
    """What a visitor does when called."""

    AT_ONCE = "at_once"
    AFTER_RECALL = "after_recall"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Visit:
    """`patience_s`: waits no longer, then cancels or leaves without a word. `comes_back_s`: 0 or how long after being
    missed. `parked_s`: 0 or how long the first talk is interrupted for a missing paper. `then`: "" or the service that
    the visitor is sent on to. `second_s`: length of the talk after parking or transfer. `booking`: "" or what to
    check in with."""

    at_ms: int
    service: ServiceId
    visitor_class: ClassId
    shows: Shows
    way_s: float
    talk_s: float
    second_s: float
    patience_s: float
    leaves_silently: bool
    comes_back_s: float = 0.0
    parked_s: float = 0.0
    then: ServiceId = ServiceId("")
    booking: BookingId = BookingId("")


def talk_means_s(zone: Zone, seed: int, talks: Talks = DEMO.talks) -> Mapping[ServiceId, float]:
    """The true mean length of each service in this simulated office."""
    return {
        s.id: 60 * s.minutes * Random(f"{seed} {zone.id} {s.id}").uniform(1 - talks.off, 1 + talks.off)
        for s in zone.services.values()
    }


def visit(
    zone: Zone,
    random: Random,
    service: ServiceId,
    means_s: Mapping[ServiceId, float],
    at_ms: int,
    habits: Habits = DEMO,
) -> Visit:
    """Draws the same numbers in every case, so that one visitor's fate does not shift the next one's."""
    manners, detours, talks = habits.manners, habits.detours, habits.talks
    shows, back, parked, sent, silent = (random.random() for _ in range(5))
    other = _other_service(zone, service, random.random())
    then = other if sent < detours.sent_on else ServiceId("")
    return Visit(
        at_ms=at_ms,
        service=service,
        visitor_class=_visitor_class(zone, habits, random.random(), random.random()),
        shows=_shows(manners, shows),
        way_s=LogNormal(manners.way_cv).draw(random, manners.way_s) if manners.way_s else 0.0,
        talk_s=talks.spread.draw(random, means_s[service]),
        second_s=talks.spread.draw(random, talks.second * means_s[then or service]),
        patience_s=LogNormal(manners.patience_cv).draw(random, manners.patience_s),
        leaves_silently=silent < manners.silent,
        comes_back_s=random.uniform(*manners.back_s) * (back < manners.comes_back),
        parked_s=random.uniform(*detours.parked_s) * (parked < detours.parked),
        then=then,
    )


def stranger(
    zone: Zone, random: Random, counter: CounterId, means_s: Mapping[ServiceId, float], at_ms: int, habits: Habits
) -> Visit:
    """Somebody whom the simulation did not send: comes at once and has a plain talk."""
    service = random.choice(zone.counters[counter].services)
    drawn = visit(zone, random, service, means_s, at_ms, habits)
    return replace(drawn, shows=Shows.AT_ONCE, comes_back_s=0.0, parked_s=0.0, then=ServiceId(""))


def walk_in_classes(zone: Zone, habits: Habits) -> list[ClassId]:
    """The classes beside the first that people come in without an appointment."""
    return [c for c in zone.classes if c not in {zone.default_class, habits.appointments.visitor_class}]


def other_services(zone: Zone, service: ServiceId) -> list[ServiceId]:
    """Where somebody may be sent on to: any of them, alike."""
    return sorted({s for place in zone.counters.values() for s in place.services} - {service})


def _shows(manners: Manners, chance: float) -> Shows:
    if chance < manners.never:
        return Shows.NEVER
    return Shows.AFTER_RECALL if chance < manners.never + manners.after_recall else Shows.AT_ONCE


def _visitor_class(zone: Zone, habits: Habits, chance: float, which: float) -> ClassId:
    others = walk_in_classes(zone, habits)
    return others[int(which * len(others))] if others and chance < habits.manners.others else zone.default_class


def _other_service(zone: Zone, service: ServiceId, which: float) -> ServiceId:
    others = other_services(zone, service)
    return others[int(which * len(others))] if others else ServiceId("")
