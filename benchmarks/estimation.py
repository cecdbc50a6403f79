"""How good the estimates are on simulated days: python -m benchmarks.estimation (from the project's folder).

Prints the table of docs/estimation.md. The estimator was set up on the days of seeds 0 to 11; these are others.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from datetime import time as clock

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.events import Event, EventType
from queue_core.domain.office import Zone
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.estimate.scoring import Score, score
from queue_core.simulate.day import draw
from queue_core.simulate.player import play
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.paper import PaperZone
from tests.support.offices import office, town_hall

SEEDS = range(100, 112)
MONDAY = date(2030, 1, 7)
OPENS = clock(8, 0)
OFFICES: Mapping[str, Zone] = {
    "town hall: 8 counters, 5 services, mixed skills": town_hall(),
    "4 counters, one service": office({"a": 10}, [("a",)] * 4, opens=OPENS),
    "12 counters, 3 services, all alike": office({"a": 6, "b": 12, "c": 20}, [("a", "b", "c")] * 12, opens=OPENS),
    "1 counter": office({"a": 8}, [("a",)], opens=OPENS),
}
WRONG = "5 counters, visits twice as long as configured"
WRONG_ZONE = office({"a": 5, "b": 10}, [("a", "b")] * 5, opens=OPENS)


def doubled(zone: Zone) -> Zone:
    return replace(zone, services={i: replace(s, minutes=2 * s.minutes) for i, s in zone.services.items()})


async def log_of(zone: Zone, seed: int) -> list[Event]:
    day = business_day(zone, local_ms(zone, MONDAY + timedelta(days=seed % 5), clock(12)))
    drawn = draw(zone, day, seed)
    assert drawn is not None
    model = PaperZone(zone, day.from_ms)
    await play(zone, drawn, PaperPort(model))
    return model.log


async def rows() -> Iterator[tuple[str, Score, Score, float]]:
    """Name; every day as the first; every day after the ones before; ms for a forecast with its event."""
    found = []
    for name, zone, true in [*((n, z, z) for n, z in OFFICES.items()), (WRONG, WRONG_ZONE, doubled(WRONG_ZONE))]:
        first, later, laws = Score(), Score(), None
        logs = [await log_of(true, seed) for seed in SEEDS]
        began = time.perf_counter()
        for log in logs:
            score(log, QueueLength(zone), first)
            estimator = QueueLength(zone, laws=laws)
            score(log, estimator, later)
            estimator.end_day()
            laws = estimator.laws
        draws = 2 * sum(event.type is EventType.ISSUED for log in logs for event in log)
        found.append((name, first, later, 1000 * (time.perf_counter() - began) / draws))
    return iter(found)


def line(name: str, when: str, s: Score) -> str:
    minutes = (f"{seconds / 60:.1f}" for seconds in (s.mean_wait_s, s.mean_error_s, s.bias_s))
    shares = (f"{100 * share:.0f} %" for share in (s.mean_error_s / s.mean_wait_s, s.coverage, s.too_late))
    wait, error, bias = minutes
    relative, coverage, late = shares
    return f"| {name} | {when} | {len(s.waits_s)} | {wait} | {error} ({relative}) | {bias} | {coverage} | {late} |"


async def main() -> None:
    everything = Score()
    print(
        "| office | day | draws | mean wait | mean error | bias | in range | later |\n|---|---|---|---|---|---|---|---|"
    )
    for name, first, later, ms in await rows():
        print(line(name, "first", first), line(name, f"later ({ms:.1f} ms)", later), sep="\n")
        for s in (first, later):
            everything.waits_s += s.waits_s
            everything.ranges += s.ranges
    print(line("all", "", everything))


if __name__ == "__main__":
    asyncio.run(main())
