"""Visitors, drawn in full before they come: for what, how long, and how they behave.

Everything that chance decides about a visitor is drawn here and not when it happens, so that two ways of playing a day
see the same people.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from queue_core.domain.model import ClassId, CounterId, ServiceId
from queue_core.domain.office import Zone


class Shows(StrEnum):
    """What a visitor does when called."""

    AT_ONCE = "at_once"
    AFTER_RECALL = "after_recall"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Visit:
    """`patience_s`: waits no longer, then cancels or leaves without a word. `comes_back_s`: 0 or how long after being
    missed. `parked_s`: 0 or how long the first talk is interrupted for a missing paper. `then`: "" or the service that
    the visitor is sent on to. `second_s`: length of the talk after parking or transfer."""

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


#: Service times in offices are skewed and well described by a log-normal (Brown et al., JASA 100, 2005, 36-50).
_TALK_CV = 0.6
_WAY_S, _WAY_CV = 25.0, 0.5
_PATIENCE_S, _PATIENCE_CV = 75 * 60.0, 0.5
_NEVER, _AFTER_RECALL, _SILENT = 0.04, 0.03, 0.4
_COMES_BACK, _PARKED, _SENT_ON = 0.3, 0.03, 0.06
_BACK_S, _PARKED_S = (180.0, 1200.0), (180.0, 1500.0)
_SECOND_TALK = 0.6
_OTHER_CLASSES = 0.08
_GAP_ALLOWANCE_S = 20.0
#: How far a service's true length may lie from the configured minutes.
_SERVICE_OFF = 0.15


def talk_means_s(zone: Zone, seed: int) -> Mapping[ServiceId, float]:
    """The true mean length of each service in this simulated office."""
    return {
        s.id: 60 * s.minutes * Random(f"{seed} {zone.id} {s.id}").uniform(1 - _SERVICE_OFF, 1 + _SERVICE_OFF)
        for s in zone.services.values()
    }


def occupation_s(talk_mean_s: float) -> float:
    """A counter's time that one visitor costs on average, second talks and gaps included."""
    return talk_mean_s * (1 + _SECOND_TALK * (_SENT_ON + _PARKED)) + _WAY_S + _GAP_ALLOWANCE_S


def visit(zone: Zone, random: Random, service: ServiceId, means_s: Mapping[ServiceId, float], at_ms: int) -> Visit:
    """Draws the same numbers in every case, so that one visitor's fate does not shift the next one's."""
    shows, back, parked, sent, silent = (random.random() for _ in range(5))
    other = _other_service(zone, service, random.random())
    then = other if sent < _SENT_ON else ServiceId("")
    return Visit(
        at_ms=at_ms,
        service=service,
        visitor_class=_visitor_class(zone, random.random(), random.random()),
        shows=_shows(shows),
        way_s=_log_normal(random, _WAY_S, _WAY_CV),
        talk_s=_log_normal(random, means_s[service], _TALK_CV),
        second_s=_log_normal(random, _SECOND_TALK * means_s[then or service], _TALK_CV),
        patience_s=_log_normal(random, _PATIENCE_S, _PATIENCE_CV),
        leaves_silently=silent < _SILENT,
        comes_back_s=random.uniform(*_BACK_S) * (back < _COMES_BACK),
        parked_s=random.uniform(*_PARKED_S) * (parked < _PARKED),
        then=then,
    )


def stranger(zone: Zone, random: Random, counter: CounterId, means_s: Mapping[ServiceId, float], at_ms: int) -> Visit:
    """Somebody whom the simulation did not send: comes at once and has a plain talk."""
    service = random.choice(zone.counters[counter].services)
    drawn = visit(zone, random, service, means_s, at_ms)
    return replace(drawn, shows=Shows.AT_ONCE, comes_back_s=0.0, parked_s=0.0, then=ServiceId(""))


def _log_normal(random: Random, mean: float, cv: float) -> float:
    sigma2 = math.log1p(cv**2)
    return random.lognormvariate(math.log(mean) - sigma2 / 2, math.sqrt(sigma2))


def _shows(chance: float) -> Shows:
    if chance < _NEVER:
        return Shows.NEVER
    return Shows.AFTER_RECALL if chance < _NEVER + _AFTER_RECALL else Shows.AT_ONCE


def _visitor_class(zone: Zone, chance: float, which: float) -> ClassId:
    others = [c for c in zone.classes if c != zone.default_class]
    return others[int(which * len(others))] if others and chance < _OTHER_CLASSES else zone.default_class


def _other_service(zone: Zone, service: ServiceId, which: float) -> ServiceId:
    others = sorted({s for place in zone.counters.values() for s in place.services} - {service})
    return others[int(which * len(others))] if others else ServiceId("")
