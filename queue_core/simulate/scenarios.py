"""Ten offices with known laws, to measure estimates on: from the textbook's queue to a whole day at a Jobcenter."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from queue_core.domain.calendar import BusinessDay, business_day, local_ms
from queue_core.domain.events import Event
from queue_core.domain.model import ServiceId
from queue_core.domain.office import Zone
from queue_core.simulate.day import OfficeDay, draw, working_ms
from queue_core.simulate.habits import (
    EVEN,
    Appointments,
    Break,
    Demand,
    Desk,
    Detours,
    Habits,
    Manners,
    Rota,
    Talks,
)
from queue_core.simulate.halls import APPOINTMENT, PRIORITY, hall, jobcenter
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.player import play
from queue_core.simulate.scene import Counts
from queue_core.simulate.spread import Exponential

_FIRST_DAY = date(2030, 1, 7)
_LEARNS_DAYS = 15


@dataclass(frozen=True, slots=True)
class Scenario:
    """`zone` carries the admin's minutes, which the truth of each seed's office lies off. A seed is an office: its
    services' true means stay, its days differ. `training_days` come before the days to score."""

    name: str
    title: str
    zone: Zone
    habits: Habits
    training_days: int = _LEARNS_DAYS

    def business_day(self, n: int) -> BusinessDay:
        """The n-th working day, from 0."""
        day = business_day(self.zone, local_ms(self.zone, _FIRST_DAY, time(12)))
        while True:
            n -= working_ms(self.zone, day) is not None
            if n < 0:
                return day
            day = business_day(self.zone, day.to_ms)

    def day(self, seed: int, n: int) -> OfficeDay:
        drawn = draw(self.zone, self.business_day(n), seed, self.habits)
        if drawn is None:
            raise ValueError(f"{self.name} is closed on its working day {n}")
        return drawn

    def log(self, seed: int, n: int) -> list[Event]:
        """The n-th working day of this seed's office, an epoch of its own. Same arguments, same events."""
        drawn = self.day(seed, n)
        paper = PaperZone(self.zone, drawn.day.from_ms, drawn.day.from_ms // 1000, drawn.day)
        _to_the_end(play(self.zone, drawn, PaperPort(paper)))
        return paper.log


def _to_the_end(playing: Coroutine[None, None, Counts]) -> Counts:
    """Nothing on paper waits, so a day needs no loop of its own and may be played inside another's."""
    try:
        playing.send(None)
    except StopIteration as done:
        counts: Counts = done.value
        return counts
    raise RuntimeError("a day on paper has waited for something")


_PLAIN = Habits(
    talks=Talks(Exponential(), pace_off=0.0),
    manners=Manners(way_s=0.0, never=0.0, after_recall=0.0, patience_s=1e9, comes_back=0.0, others=0.0),
    detours=Detours(parked=0.0, sent_on=0.0),
    desk=Desk(reaction_s=(0.0, 0.0), gap_s=(0.0, 0.0), one_key=0.0, gap_allowance_s=0.0),
    rota=Rota(breaks=(), late_break_s=0, opens_off_s=0, part_time_every=0),
    demand=Demand(load=0.96, curve=EVEN, day_off=0.0, at_the_door=0.0),
)
#: Talks, ways, wrap-ups, a few no-shows: what every counter knows. The scenarios add one thing each.
_QUIET = Habits(
    talks=Talks(day_off=0.1),
    manners=Manners(never=0.02, after_recall=0.02, patience_s=120 * 60.0, comes_back=0.0, others=0.0),
    detours=Detours(parked=0.0, sent_on=0.0),
    rota=Rota(breaks=(), part_time_every=0),
    demand=Demand(load=1.05),
)
_TWO_RUSHES = ((0.0, 0.6), (0.1, 1.0), (0.25, 1.0), (0.4, 0.5), (0.55, 0.5), (0.65, 0.9), (0.8, 0.9), (1.0, 0.2))
_AFTERNOON_HALF = ((0.0, 1.0), (0.45, 1.0), (0.55, 0.5), (1.0, 0.4))
_LUNCH = (Break(0.22, 0.34, 15), Break(0.45, 0.62, 30), Break(0.74, 0.86, 15))

_ALL = (
    Scenario(
        "stationary",
        "M/M/4: people come and talks last by chance alone",
        hall("stationary", {"a": 8}, [("a",)] * 4),
        _PLAIN,
    ),
    Scenario(
        "rush",
        "Rush in the morning and after lunch",
        hall("rush", {"a": 8}, [("a",)] * 5),
        replace(_QUIET, demand=Demand(load=1.06, curve=_TWO_RUSHES, at_the_door=0.05)),
    ),
    Scenario(
        "skills",
        "Several skills: not every counter serves everything",
        hall(
            "skills",
            {"passport": 12, "residence": 8, "vehicle": 10, "certificate": 5},
            [
                ("passport", "residence"),
                ("passport", "residence", "certificate"),
                ("residence", "certificate"),
                ("vehicle",),
                ("vehicle", "certificate"),
                ("passport", "vehicle", "residence"),
            ],
        ),
        replace(_QUIET, detours=Detours(parked=0.0, sent_on=0.04), demand=Demand(load=1.15)),
    ),
    Scenario(
        "breaks",
        "Breaks in turn, part-time counters",
        hall("breaks", {"a": 9}, [("a",)] * 6),
        replace(_QUIET, rota=Rota(breaks=_LUNCH, part_time_every=4)),
    ),
    Scenario(
        "no-shows",
        "No-shows and leavers",
        hall("no-shows", {"a": 8}, [("a",)] * 4),
        replace(
            _QUIET,
            manners=Manners(never=0.08, after_recall=0.06, patience_s=45 * 60.0, silent=0.6, others=0.0),
            demand=Demand(load=1.25),
        ),
    ),
    Scenario(
        "appointments",
        "Half of the people come by appointment",
        hall("appointments", {"a": 8, "b": 14}, [("a", "b")] * 5, {APPOINTMENT: 1800}),
        replace(
            _QUIET,
            demand=Demand(load=0.65),
            appointments=Appointments(
                services=(ServiceId("a"), ServiceId("b")), every_s=500.0, visitor_class=APPOINTMENT
            ),
        ),
    ),
    Scenario(
        "drift",
        "Service times double at noon",
        hall("drift", {"a": 7}, [("a",)] * 5),
        replace(
            _QUIET,
            talks=Talks(day_off=0.1, drift=((0.5, 2.0),)),
            demand=Demand(load=1.0, curve=_AFTERNOON_HALF),
        ),
    ),
    Scenario(
        "priorities",
        "A class with a head start of 20 minutes",
        hall("priorities", {"a": 8, "b": 12}, [("a", "b")] * 4, {PRIORITY: 1200}),
        replace(_QUIET, manners=replace(_QUIET.manners, others=0.2), demand=Demand(load=1.15)),
    ),
    Scenario(
        "first-day",
        "First day: nothing learned, configured minutes off by up to 30 %",
        hall("first-day", {"a": 6, "b": 10}, [("a", "b")] * 5),
        replace(_QUIET, talks=Talks(off=0.3, day_off=0.1), demand=Demand(load=1.22)),
        training_days=0,
    ),
    Scenario(
        "jobcenter",
        "Full Jobcenter day: everything at once",
        jobcenter("jobcenter"),
        Habits(
            talks=Talks(day_off=0.15),
            demand=Demand(load=0.95),
            appointments=Appointments(
                services=(ServiceId("vermittlung"), ServiceId("neuantrag")), every_s=1800.0, visitor_class=APPOINTMENT
            ),
        ),
    ),
)

SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
