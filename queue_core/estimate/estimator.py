"""The estimate of a zone: the rest of the day is played many times, by the real rule and with learned laws.

Each run gives every ticket a sample of call times, and every service one of somebody who would draw now. Its quantiles
at recalibrated levels (`recalibration`) are the ranges. The first method (`queue_length`) learns along and stands by.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self
from zlib import crc32

import numpy as np

from queue_core.domain.calendar import business_day
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import CounterId, CounterState, ServiceId
from queue_core.domain.office import Zone
from queue_core.domain.policy import in_session, may_call, queue_of
from queue_core.domain.prospect import CallTimes, Slot
from queue_core.domain.rhythm import Rhythm
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate import fallback
from queue_core.estimate.drawn import Drawn, drawing
from queue_core.estimate.forecast import Forecast, NoRange
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.run import slices as run_slices
from queue_core.estimate.knowledge import Knowledge
from queue_core.estimate.laws.learned import Learned
from queue_core.estimate.laws.learning import Learning
from queue_core.estimate.prospects import Prospects
from queue_core.estimate.queue_length.line import Turn, Waiting, people_ahead
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.estimate.recalibration import Promises, Shift
from queue_core.estimate.sample import CALLED_LEAST, Sample, Who, in_order, ranges
from queue_core.estimate.slices import DRAWN_ANEW, finished, undisturbed
from queue_core.estimate.watch import Watch, own

METHOD = "simulation"
REPLICATES = 200
#: Where a counter is open that could call somebody now, this share is enough for a range: its end of work is less sure
#: than that it works.
_CALLED_LEAST_OPEN = 0.1


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a forecast is made from. Nothing in it changes while events are observed."""

    now_ms: int
    state: Snapshot
    shut: Mapping[Who, NoRange]
    competing: Mapping[CounterId, Mapping[ServiceId, int]]
    standing: Sequence[Waiting]
    house: House
    shift: Shift


class Estimator:
    """A `Method`, usable alone: pure, without clock or log. It begins with nothing (the log then begins with
    `epoch_started`) or with a snapshot, which is copied; `laws` are another estimator's, or read back from their JSON.

    `beside` a living snapshot nothing is copied nor folded twice: its owner folds each event into it, once it was
    observed here and before the next one is. Given state, laws and time, forecasts are the same to the byte.

    Whoever drives it asks in this order, and for the next when one raises or takes longer than it may: `slices` (or
    `forecast`), `by_queue_length`, `by_history`, `silence`. None of them changes what was learned or is observed.
    """

    def __init__(self, zone: Zone, snapshot: Snapshot | None = None, laws: Knowledge | None = None) -> None:
        self._begin(zone, Watch(snapshot), laws or Knowledge())

    @classmethod
    def beside(cls, zone: Zone, living: Snapshot, laws: Knowledge) -> Self:
        estimator = cls.__new__(cls)
        estimator._begin(zone, Watch.beside(living), laws)
        return estimator

    def _begin(self, zone: Zone, watch: Watch, laws: Knowledge) -> None:
        self._zone = zone
        self._watch, self._state = watch, watch.state
        self.laws = laws
        self._first_method = QueueLength.beside(zone, watch.state, laws.queue_length)
        self._learning = Learning(zone, laws.learned, watch.state)
        self._promises, self._prospects = Promises(laws.recalibration), Prospects(zone, laws)
        self._ran: tuple[_Moment, Sample] | None = None

    @property
    def as_of(self) -> tuple[int, int]:
        """(epoch, seq) of the last event in the state."""
        return self._watch.as_of

    def stands_beside(self, living: Snapshot) -> bool:
        return self._state is living

    def observe(self, event: Event) -> None:
        """Raises `LogGap` when an event is missing; a new estimator is then due, from a snapshot and these laws."""
        self._first_method.observe(event)
        self._watch.observe(event, self._learning)
        self._promises.observe(event)
        self._prospects.observe(event)
        if event.type is EventType.DAY_ROLLED:
            self.end_day()

    def end_day(self) -> None:
        """Keeps what was learned, at less weight: tomorrow differs. Nothing, when nothing happened since the last."""
        if self._watch.ends_day():
            self._first_method.end_day()
            self.laws.learned.forget_day()
            self.laws.recalibration.forget_day()
            self.laws.prospects.forget_day()

    def forecast(self, now_ms: int) -> Forecast:
        return finished(self.slices(now_ms))

    def slices(self, now_ms: int) -> Generator[None, None, Forecast]:
        """The forecast in slices of some milliseconds. Events may be observed in between. Those during the first few
        slices are in it, later ones are not; `as_of_seq` tells. The same state gives the same forecast, in however many
        slices."""
        moment, chances = yield from self._prepared(now_ms)
        yield
        sample = Sample.drawn((yield from run_slices(moment.house, chances)))
        yield
        self._keep_promises(moment, sample)
        self._ran = moment, sample
        yield
        return (yield from self._told(moment, sample, now_ms))

    def prospects(self, now_ms: int) -> Generator[None, None, Mapping[Slot, CallTimes]]:
        """When those are called who are expected by appointment today and come in time, in slices. Events may be
        observed in between: an early one begins the work anew, a later one is not in it."""
        while True:
            state = own(self._state)
            still = partial(self._watch.stands_at, state.epoch, state.seq)
            found = yield from self._prospects.slices(state, now_ms, self._seed(now_ms), still)
            if found is not None:
                return found

    def _prepared(self, now_ms: int) -> Generator[None, None, tuple[_Moment, Drawn]]:
        """State and chances that belong together: if an event came between the slices, all is drawn anew, if events
        keep coming at once."""
        for _ in range(DRAWN_ANEW):
            moment = self._moment(now_ms)
            yield
            drawn = yield from undisturbed(self._drawing(moment), partial(self._is_as_of, moment))
            if drawn:
                return moment, drawn
        moment = self._moment(now_ms)
        return moment, finished(self._drawing(moment))

    def _drawing(self, moment: _Moment) -> Generator[None, None, Drawn]:
        seed, zone = self._seed(moment.now_ms), self._zone
        learned = Learned(self.laws.learned, zone, moment.state, moment.now_ms, seed, REPLICATES)
        return drawing(moment.house, learned)

    def _is_as_of(self, moment: _Moment) -> bool:
        return self._watch.stands_at(moment.state.epoch, moment.state.seq)

    def aged(self, now_ms: int) -> Forecast | None:
        """The last run's forecast as it stands now, for a twentieth of the cost: time has passed, and whatever should
        have happened until now has not. None when there was no run, or an event since."""
        if self._ran is None or not self._is_as_of(self._ran[0]):
            return None
        moment, sample = self._ran
        return finished(self._told(moment, sample.aged((now_ms - moment.now_ms) / 1000), now_ms))

    def by_queue_length(self, now_ms: int) -> Forecast:
        """The first fallback: the first method, from its own laws."""
        return self._first_method.forecast(now_ms)

    def by_history(self, now_ms: int, rhythm: Rhythm | None) -> Forecast:
        """The second: the usual waits of the hour, where there are any."""
        if rhythm is None:
            return self.silence(now_ms)
        shut = self._first_method.shut_services(now_ms)
        return fallback.by_history(self._zone, self._state, now_ms, shut, rhythm)

    def silence(self, now_ms: int) -> Forecast:
        """The last: no range for anybody."""
        return fallback.silence(self._state, now_ms, self._first_method.shut_services(now_ms))

    def _moment(self, now_ms: int) -> _Moment:
        state, first = own(self._state), self._first_method
        competing, standing = first.standing(now_ms)
        house, shift = House.of(self._zone, state, now_ms), self.laws.recalibration.shift()
        return _Moment(now_ms, state, first.shut_services(now_ms), competing, standing, house, shift)

    def _keep_promises(self, moment: _Moment, sample: Sample) -> None:
        """Of those who still wait as they did when the run began."""
        now = self._state.tickets
        kept = [n for n, t in enumerate(moment.house.waiting) if t.id in now and now[t.id].seq == t.seq]
        tickets = [moment.house.waiting[n].id for n in kept]
        self._promises.keep(moment.now_ms, tickets, sample.ordered_s[:, kept])

    def _seed(self, now_ms: int) -> int:
        """One for the whole business day: what chance does to somebody is then the same in every forecast."""
        return crc32(f"{self._zone.id} {business_day(self._zone, now_ms).day}".encode())

    def _told(self, moment: _Moment, sample: Sample, now_ms: int) -> Generator[None, None, Forecast]:
        levels = moment.shift.levels(sample.medians_s)
        known = self._known(moment, sample)
        levels_s = in_order(sample.at(levels), _lines(self._zone, moment, known, now_ms))
        yield
        found = ranges(sample.of, levels_s, known, METHOD)
        yield
        waiting = [t.id for t in moment.house.waiting]
        unknown = {who: NoRange.NO_COUNTER_OPEN for who in sample.of if who not in found}
        return Forecast(
            at_ms=now_ms,
            as_of_seq=moment.state.seq,
            tickets={id_: found.get(id_) for id_ in waiting},
            services={s: None if s in moment.shut else found.get(s) for s in moment.house.probes},
            ahead=_ahead(moment, sample, levels_s[1]),
            reasons={**unknown, **moment.shut},
        )

    def _known(self, moment: _Moment, sample: Sample) -> list[bool]:
        """Of whom a range is told."""
        places = in_session(self._zone, moment.state.counters).counters.values()
        running = [p for p in places if _is_open(moment.state, p.id)]
        open_services = {service for place in running for service in place.services}
        served: dict[Who, bool] = {service: service in open_services for service in moment.house.probes}
        for t in moment.house.waiting:
            served[t.id] = any(may_call(p, t) for p in running) if t.pin else t.service in open_services
        least = [_CALLED_LEAST_OPEN if served[who] else CALLED_LEAST for who in sample.of]
        return [share >= enough for share, enough in zip(sample.called.tolist(), least, strict=True)]


def _is_open(state: Snapshot, counter: CounterId) -> bool:
    found = state.counters.get(counter)
    return found is not None and found.state is CounterState.OPEN


def _lines(zone: Zone, moment: _Moment, known: Sequence[bool], now_ms: int) -> Iterable[Sequence[int]]:
    """The columns of those who stand one behind another in a queue, by class: nobody of a line is called before
    somebody before them. Last of the usual class, whoever would come now."""
    lines: dict[tuple[str, str], list[tuple[tuple[int, int], int]]] = defaultdict(list)
    for n, t in enumerate(moment.house.waiting):
        if known[n] and t.not_before_ms <= now_ms:
            lines[queue_of(t), t.visitor_class].append(((t.rank_ms, t.ordinal), n))
    ordered = {line: [n for _, n in sorted(places)] for line, places in lines.items()}
    for n, service in enumerate(moment.house.probes, start=len(moment.house.waiting)):
        if known[n]:
            ordered.setdefault((service, zone.default_class), []).append(n)
    return ordered.values()


def _ahead(moment: _Moment, sample: Sample, medians_s: np.ndarray) -> Mapping[Who, int]:
    at_s = dict(zip(sample.of, medians_s.tolist(), strict=True))
    turns = [Turn(w, at_s[w.id], 0.0) for w in moment.standing if np.isfinite(at_s[w.id])]
    turns.sort(key=lambda turn: (turn.at_s, turn.waiting.place))
    return people_ahead(moment.competing, moment.standing, turns)
