"""What is usual in a simulated office: the laws that its visitors and clerks follow. The defaults are the demo's.

Lengths are seconds unless the name says otherwise; shares lie between 0 and 1; pairs are the ends of an even spread.
"""

from dataclasses import dataclass

from queue_core.domain.model import ClassId, ServiceId
from queue_core.simulate.spread import LogNormal, Spread

Between = tuple[float, float]
#: (share of the opening time, intensity relative to the peak).
Curve = tuple[tuple[float, float], ...]

#: A rush in the morning, a lull at noon, a quiet end.
MORNING_PEAK: Curve = (
    (0.0, 0.70),
    (0.10, 1.00),
    (0.30, 1.00),
    (0.42, 0.80),
    (0.50, 0.60),
    (0.62, 0.65),
    (0.75, 0.80),
    (0.90, 0.55),
    (1.0, 0.15),
)
EVEN: Curve = ((0.0, 1.0), (1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Talks:
    """`off`: how far a service's true mean may lie from the configured minutes, for good; `day_off`: and all of them
    together on one day; `pace_off`: and at one counter on one day. `drift`: from which share of the opening time on
    talks that begin take how many times as long. `second`: mean of a second talk relative to the first.

    Service times in offices are skewed and well described by a log-normal (Brown et al., JASA 100, 2005, 36-50)."""

    spread: Spread = LogNormal(0.6)
    off: float = 0.15
    day_off: float = 0.0
    pace_off: float = 0.1
    drift: tuple[tuple[float, float], ...] = ()
    second: float = 0.6

    def drift_at(self, share: float) -> float:
        return next((factor for since, factor in reversed(self.drift) if share >= since), 1.0)


@dataclass(frozen=True, slots=True)
class Manners:
    """`never` stay away when called from the start; who waits longer than their patience leaves, `silent` of them
    without a word, the others by giving the number back: the share of no-shows rises with the wait. `comes_back`: of
    those who were missed, after `back_s`. `others`: share of people in another class than the first."""

    way_s: float = 25.0
    way_cv: float = 0.5
    never: float = 0.04
    after_recall: float = 0.03
    patience_s: float = 75 * 60.0
    patience_cv: float = 0.5
    silent: float = 0.4
    comes_back: float = 0.3
    back_s: Between = (180.0, 1200.0)
    others: float = 0.08


@dataclass(frozen=True, slots=True)
class Detours:
    """Of first talks: `parked` are interrupted for a missing paper, `sent_on` end at another service."""

    parked: float = 0.03
    parked_s: Between = (180.0, 1500.0)
    sent_on: float = 0.06


@dataclass(frozen=True, slots=True)
class Desk:
    """A clerk who waits is back within `reaction_s` of somebody's coming, and after a visit within `gap_s`; `one_key`
    of them end a visit and call the next with the same key. Nobody there: recalled, then given up.
    `gap_allowance_s`: what a visit costs beside way and talk, as planned."""

    reaction_s: Between = (2.0, 9.0)
    gap_s: Between = (5.0, 25.0)
    one_key: float = 0.5
    recalls_after_s: float = 40.0
    gives_up_after_s: float = 40.0
    gap_allowance_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Break:
    """`first`, `last`: share of the opening time at which the first and the last counter take it."""

    first: float
    last: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Rota:
    """Every `part_time_every`-th counter (0: none) leaves after `part_time` of the opening time, where others serve all
    that it serves. Breaks begin up to `late_break_s` after the plan; counters open within `opens_off_s` of the hour."""

    breaks: tuple[Break, ...] = (Break(0.28, 0.38, 8), Break(0.47, 0.61, 30), Break(0.76, 0.86, 8))
    late_break_s: int = 300
    opens_off_s: int = 120
    part_time_every: int = 4
    part_time: float = 0.62


@dataclass(frozen=True, slots=True)
class Demand:
    """`load`: share of the counters' time that is asked for at the peak, if everybody came who draws; a day lies up to
    `day_off` from it. `at_the_door`: of the day's people, if it were all peak, wait outside before it opens."""

    load: float = 0.94
    curve: Curve = MORNING_PEAK
    day_off: float = 0.06
    at_the_door: float = 0.03

    def __post_init__(self) -> None:
        if not all(0 <= intensity <= 1 for _, intensity in self.curve):
            raise ValueError("a curve's intensities are relative to its peak: at most 1")


@dataclass(frozen=True, slots=True)
class Appointments:
    """`services` have slots every `every_s` between `first` and `last` (shares of the opening time), each taken with
    the chance `taken`. Of the booked `show` come, at slot + `late_most_s` less a log-normal time of mean `before_s`."""

    services: tuple[ServiceId, ...] = ()
    every_s: float = 900.0
    taken: float = 0.9
    first: float = 0.08
    last: float = 0.9
    show: float = 0.9
    before_s: float = 23 * 60.0
    before: Spread = LogNormal(0.4)
    late_most_s: float = 15 * 60.0
    visitor_class: ClassId = ClassId("")


@dataclass(frozen=True, slots=True)
class Habits:
    talks: Talks = Talks()
    manners: Manners = Manners()
    detours: Detours = Detours()
    desk: Desk = Desk()
    rota: Rota = Rota()
    demand: Demand = Demand()
    appointments: Appointments = Appointments()

    def occupation_s(self, talk_mean_s: float) -> float:
        """A counter's time that one visitor costs on average, second talks and gaps included."""
        again = self.talks.second * (self.detours.sent_on + self.detours.parked)
        return talk_mean_s * (1 + again) + self.manners.way_s + self.desk.gap_allowance_s


DEMO = Habits()
