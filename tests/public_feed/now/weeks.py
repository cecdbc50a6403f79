"""Made-up weeks on record."""

from queue_core.domain.model import ServiceId
from queue_core.domain.rhythm import Rhythm, Usual

_OPENS, _CLOSES = 32, 64
_BUSIEST = 40


def usual(quarter: int, days: int = 8) -> Usual:
    """Long at ten, shorter and shorter until four."""
    p50_s = max(120, 2400 - 150 * abs(quarter - _BUSIEST))
    return Usual(days, p50_s // 2, p50_s, round(1.6 * p50_s))


def rhythm(*services: str, weekdays: range = range(7), opens: int = _OPENS, closes: int = _CLOSES) -> Rhythm:
    quarters = {quarter: usual(quarter) for quarter in range(opens, closes)}
    return Rhythm("2026-11-20", {ServiceId(s): dict.fromkeys(weekdays, quarters) for s in services})
