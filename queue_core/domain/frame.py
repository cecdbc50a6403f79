"""The commands that give a zone its frame: epochs, business days, configuration. The engine sends them by itself."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from queue_core.domain.calendar import BusinessDay, opening_ms
from queue_core.domain.commands import BeginEpoch, Configure, RollDay
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Hours, Zone
from queue_core.domain.slots import length_ms, limits

DAY_MS = 86_400_000


def digest(content: bytes, size: int) -> str:
    """`size` bytes, as text for URLs."""
    return urlsafe_b64encode(blake2b(content, digest_size=size).digest()).decode().rstrip("=")


def begin_epoch(day: BusinessDay, cause: str, after_epoch: int = 0) -> BeginEpoch:
    return BeginEpoch(cause, day.day.isoformat(), day.from_ms, day.to_ms, after_epoch)


def roll_day(zone: Zone, ended: BusinessDay, day: BusinessDay) -> RollDay:
    return RollDay(ended.day.isoformat(), day.day.isoformat(), day.from_ms, day.to_ms, _hours(zone, day))


def end_day(ended: BusinessDay) -> RollDay:
    """Rolls a zone that nobody configures any more: the day after has no opening hours."""
    day = ended.day + timedelta(days=1)
    return RollDay(ended.day.isoformat(), day.isoformat(), ended.to_ms, ended.to_ms + DAY_MS, {})


def configure(zone: Zone, day: BusinessDay) -> Configure:
    """The digest depends on the configuration alone, so that every process finds the same."""
    records = _records(zone)
    of_all = digest(json.dumps([records, _calendar(zone)], sort_keys=True).encode(), 16)
    hours = {f"hours:{service}": intervals for service, intervals in _hours(zone, day).items()}
    return Configure(of_all, tuple(zone.services), tuple(zone.counters), {**records, **hours})


def _hours(zone: Zone, day: BusinessDay) -> dict[ServiceId, Any]:
    return {service: opening_ms(zone, zone.hours_of(service), day) for service in zone.services}


def _calendar(zone: Zone) -> list[str]:
    """All that opening times follow from, in words that are the same in every process (sets have no order)."""
    hours: dict[str, Hours] = {"": zone.hours} | {s.id: s.hours for s in zone.services.values() if s.hours}
    if zone.appointments and zone.appointments.hours:
        hours["@appointments"] = zone.appointments.hours
    words = [
        repr((name, h.always, sorted(h.week.items()), sorted(h.closed_on), sorted(h.extra.items())))
        for name, h in hours.items()
    ]
    return [str(zone.time_zone), zone.day_starts.isoformat(), *words]


def _records(zone: Zone) -> dict[str, Any]:
    """What the moves need to know of a zone, lengths in milliseconds; see the Lua files for who reads what."""
    rules = {
        "recall_pause_ms": 1000 * zone.rules.recall_pause_s,
        "recalls_most": zone.rules.recalls_most,
        "undo_ms": 1000 * zone.rules.undo_s,
        "booking_earliest_ms": 1000 * zone.rules.booking_earliest_s,
        "booking_lead_ms": 1000 * zone.rules.booking_lead_s,
        "booking_grace_ms": 1000 * zone.rules.booking_grace_s,
        **_appointment_rules(zone),
        **_remote_rules(zone),
        "missed_return": zone.rules.missed_return.value,
        "missed_return_ms": 1000 * zone.rules.missed_return_s,
        "delay_ms": 1000 * zone.rules.delay_s,
        "delays_most": zone.rules.delays_most,
    }
    services = {
        f"service:{s.id}": {
            "series": s.series,
            "quota": s.quota,
            **_slots(zone, s.id),
            "head_start_ms": {c: zone.head_start_ms(s.id, c) for c in zone.classes},
        }
        for s in zone.services.values()
    }
    counters = {
        f"counter:{c.id}": {"services": c.services, "offset_ms": {s: 1000 * o for s, o in c.offset_s.items()}}
        for c in zone.counters.values()
    }
    series = {
        f"series:{s.id}": {"prefix": s.prefix, "first": s.first, "last": s.last, "digits": s.digits}
        for s in zone.series.values()
    }
    return {"rules": rules, **services, **counters, **series}


def _appointment_rules(zone: Zone) -> dict[str, int]:
    given = zone.appointments
    if given is None:
        return {}
    return {"notice_ms": 1000 * given.notice_s, "hold_ms": 1000 * given.hold_s, "changes_most": given.changes_most}


def _remote_rules(zone: Zone) -> dict[str, int]:
    given = zone.remote
    if given is None:
        return {}
    return {
        "remote_ms": 1000 * given.confirm_s,
        "remote_open_most": given.open_most,
        "remote_day_most": given.day_most,
    }


def _slots(zone: Zone, service: ServiceId) -> dict[str, Any]:
    """Nothing where nobody gives appointments."""
    found = [{"services": sorted(limit.services), "places": limit.places} for limit in limits(zone, service)]
    return {"length_ms": length_ms(zone, service), "limits": found} if found else {}
