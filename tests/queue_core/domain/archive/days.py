"""Hand-made and random days for archives."""

import asyncio
from datetime import datetime
from functools import cache
from typing import Any

from queue_core.domain.calendar import business_day
from queue_core.domain.events import Event, EventType
from queue_core.simulate.day import draw
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.player import play
from tests.support.zones import zone

MONDAY_7_MS = int(datetime.fromisoformat("2026-03-02T07:00:00+01:00").timestamp() * 1000)
DAY_MS = 86_400_000


def event(seq: int, kind: str, **data: Any) -> Event:
    return Event(1, seq, 1_000_000 + 1500 * seq, EventType(kind), f"command-{seq}", data)


@cache
def simulated(seed: int) -> tuple[Event, ...]:
    """An office day on paper, expired and rolled at its end."""
    configured = zone()
    day = business_day(configured, MONDAY_7_MS)
    paper = PaperZone(configured, MONDAY_7_MS, day=day)
    office_day = draw(configured, day, seed)
    assert office_day
    asyncio.run(play(configured, office_day, PaperPort(paper)))
    paper.now_ms = day.to_ms
    paper.roll_day(business_day(configured, day.to_ms))
    return tuple(paper.log)
