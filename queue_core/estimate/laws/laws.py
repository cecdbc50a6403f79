"""All that is learned of a zone. Every law starts from a weak prior and forgets; docs/estimation.md has the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from queue_core.domain.model import CounterId, ServiceId
from queue_core.estimate.laws.again import Sequels
from queue_core.estimate.laws.appointments import Appointments
from queue_core.estimate.laws.arrivals import Arrivals
from queue_core.estimate.laws.delays import MISSED, WAY, WRAP, Delays
from queue_core.estimate.laws.level import Level, Share
from queue_core.estimate.laws.memory import SELDOM
from queue_core.estimate.laws.occupations import Occupations, log_length
from queue_core.estimate.laws.profile import Profile, slot_of
from queue_core.estimate.laws.shifts import Shifts
from queue_core.estimate.laws.showing import Cancelling, NoShows
from queue_core.estimate.laws.today import Session, Today

#: Of the JSON; laws of another one are not read.
FORMAT = 1
#: A wrap-up is no longer than this: then the counter stood open without calling.
_WRAP_MOST_S = 1800.0
_PRESSED, _PRESSED_WORTH = 0.9, 5.0


@dataclass(slots=True)
class Laws:
    """`pressed`: of the visits, those in which "started" was pressed, so that the way is known."""

    occupations: Occupations = field(default_factory=Occupations)
    profile: Profile = field(default_factory=Profile)
    way: Delays = field(default_factory=lambda: Delays(WAY))
    pressed: Share = field(default_factory=Share)
    wrap: Delays = field(default_factory=lambda: Delays(WRAP))
    missed: Delays = field(default_factory=lambda: Delays(MISSED))
    no_shows: NoShows = field(default_factory=NoShows)
    cancelling: Cancelling = field(default_factory=Cancelling)
    sequels: Sequels = field(default_factory=Sequels)
    appointments: Appointments = field(default_factory=Appointments)
    arrivals: Arrivals = field(default_factory=Arrivals)
    shifts: Shifts = field(default_factory=Shifts)
    today: Today = field(default_factory=Today)

    def learn_visit(
        self, service: ServiceId, configured_s: float, counter: CounterId, at_s: float, length_s: float
    ) -> None:
        """A first visit: from its call, `at_s` after the business day began, until it left the counter."""
        known = self._learn_today(service, configured_s, counter, at_s, length_s)
        self.occupations.learn(service, configured_s, length_s, known)
        self.today.services.add(service)

    def learn_second(
        self, service: ServiceId, configured_s: float, counter: CounterId, at_s: float, length_s: float
    ) -> None:
        known = self.today.session(counter).effect + self.today.pace.mean + self.profile.at(at_s)
        self.occupations.learn_second(service, configured_s, length_s, known)

    def learn_wrap(self, counter: CounterId, wrap_s: float) -> None:
        """From one visit's end to the next call, while somebody waited."""
        self.wrap.learn(min(wrap_s, _WRAP_MOST_S))
        self.today.sessions.setdefault(counter, Session()).wrap.learn(min(wrap_s, _WRAP_MOST_S))

    def learn_way(self, way_s: float | None) -> None:
        """None: nobody pressed "started"."""
        self.pressed.learn(way_s is not None, SELDOM.each)
        if way_s is not None:
            self.way.learn(way_s)

    def pressed_share(self) -> float:
        return self.pressed.posterior(_PRESSED, _PRESSED_WORTH)

    def begin_day(self, day: date) -> None:
        if self.today.day not in (None, day):
            self.forget_day()
        self.today.day = day

    def forget_day(self) -> None:
        """Keeps what was learned, at less weight: tomorrow differs. A day on which nothing was learned is none."""
        if self.today.services or self.shifts.today or self.arrivals.today:
            self.occupations.forget_day(frozenset(self.today.services))
            self.profile.forget_day(self.today.slots)
            for law in (self.no_shows, self.cancelling, self.sequels, self.appointments, self.arrivals):
                law.forget_day()
            self.shifts.forget_day(self.today.day)
        self.today = Today()

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "occupations": self.occupations.to_json(),
            "profile": self.profile.to_json(),
            "way": self.way.packed(),
            "pressed": self.pressed.to_json(),
            "wrap": self.wrap.packed(),
            "missed": self.missed.packed(),
            "no_shows": self.no_shows.to_json(),
            "cancelling": self.cancelling.to_json(),
            "sequels": self.sequels.to_json(),
            "appointments": self.appointments.to_json(),
            "arrivals": self.arrivals.to_json(),
            "shifts": self.shifts.to_json(),
            "today": self.today.to_json(),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Laws":
        """Raises `ValueError` for an unknown format, or for what no `to_json` wrote."""
        if record.get("format") != FORMAT:
            raise ValueError(f"laws of format {record.get('format')!r}, not {FORMAT}")
        try:
            return cls._read(record)
        except (KeyError, TypeError, AttributeError) as broken:
            raise ValueError("laws are unreadable") from broken

    @classmethod
    def _read(cls, record: Mapping[str, Any]) -> "Laws":
        return cls(
            occupations=Occupations.from_json(record["occupations"]),
            profile=Profile.from_json(record["profile"]),
            way=Delays(WAY, record["way"]),
            pressed=Share.from_json(record["pressed"]),
            wrap=Delays(WRAP, record["wrap"]),
            missed=Delays(MISSED, record["missed"]),
            no_shows=NoShows.from_json(record["no_shows"]),
            cancelling=Cancelling.from_json(record["cancelling"]),
            sequels=Sequels.from_json(record["sequels"]),
            appointments=Appointments.from_json(record["appointments"]),
            arrivals=Arrivals.from_json(record["arrivals"]),
            shifts=Shifts.from_json(record["shifts"]),
            today=Today.from_json(record["today"]),
        )

    def _learn_today(
        self, service: ServiceId, configured_s: float, counter: CounterId, at_s: float, length_s: float
    ) -> float:
        """Session, pace and hour learn from the visit; answers what of ln(length) is theirs and not the service's."""
        belief = self.occupations.belief(service, configured_s)
        session = self.today.sessions.setdefault(counter, Session())
        effect, doubt, pace = session.effect, session.doubt, self.today.pace
        hour = self.profile.at(at_s)
        residual = log_length(length_s) - belief.mean - hour
        self.today.slots.setdefault(slot_of(at_s), Level()).learn(residual + hour - effect)
        doubt2 = belief.doubt**2 + (belief.office * self.occupations.office_doubt()) ** 2
        share = self.occupations.pace_share(service)
        if share > 0:
            pace.learn(residual - effect, belief.spread**2 + doubt2 + doubt**2)
        session.learn(residual - pace.mean)
        return effect + hour + share * pace.mean
