"""Random days at a zone: hypothesis sends commands to the engine and to the model, and compares after every step."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partialmethod
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from queue_core.domain import booking_commands as bc
from queue_core.domain import commands as c
from queue_core.domain.calendar import business_day
from queue_core.domain.errors import Refusal, Refused
from queue_core.domain.events import Event, EventType
from queue_core.domain.model import (
    CounterId,
    CounterState,
    SeriesId,
    TicketId,
    TicketState,
)
from queue_core.domain.office import Appointments, CounterPlace, MissedReturn, Remote, Rules, Series, Zone
from queue_core.domain.outcome import Outcome
from queue_core.domain.policy import in_session, is_here, order
from queue_core.domain.snapshot import Snapshot
from queue_core.engine import Engine, Once
from queue_core.filling import Filling, RandomIds
from queue_core.store.connection import connect
from queue_core.store.records import Records
from queue_core.store.zone import ZoneStore
from tests.support import invariants
from tests.support.archived import assert_replays, places_of
from tests.support.model import Model
from tests.support.random_commands import PAUSES_S, THREE, RandomCommands
from tests.support.zones import APPOINTMENT, NEW, NORMAL, ONE, PRIORITY, SHORT, TWO, text, zone

Answer = TypeVar("Answer")


_SMALL = {SeriesId("a"): Series(SeriesId("a"), "A", 1, 4), SeriesId("c"): Series(SeriesId("c"), "C", 7, 12, 2)}
_RULES = Rules(recall_pause_s=2, recalls_most=2)
_APPOINTMENTS = Appointments((NEW, SHORT), APPOINTMENT, notice_s=600, hold_s=900, changes_most=1, slot_s={SHORT: 300})
_REMOTE = Remote(confirm_s=900, open_most=2, day_most=6)
_FULL = zone("hall", series=_SMALL, rules=_RULES, appointments=_APPOINTMENTS, remote=_REMOTE)
_COUNTERS = {
    **_FULL.counters,
    ONE: replace(_FULL.counters[ONE], offset_s={SHORT: 600}),
    THREE: CounterPlace(THREE, text("Counter 3"), (SHORT, NEW), offset_s={NEW: -300}),
}
#: What the zone is configured as, in turn: a service, a counter and a class come and go, quotas and head starts change,
#: and numbers are drawn from elsewhere or not.
CONFIGURATIONS = (
    replace(_FULL, counters=_COUNTERS),
    replace(
        _FULL,
        remote=None,
        rules=replace(_RULES, missed_return=MissedReturn.OLD),
        appointments=replace(_APPOINTMENTS, services=(NEW,), per_slot={NEW: 2}, visitor_class=NORMAL),
        services={NEW: replace(_FULL.services[NEW], quota=3, head_start_s={PRIORITY: 60})},
        counters={
            ONE: replace(_FULL.counters[ONE], services=(NEW,)),
            TWO: replace(_FULL.counters[TWO], services=(NEW,)),
        },
        classes={i: _FULL.classes[i] for i in (NORMAL, PRIORITY)},
    ),
)
FIRST_MOMENT_MS = int(datetime.fromisoformat("2030-03-29T10:00:00+01:00").timestamp() * 1000)


processes = st.integers(0, 1)
seeds = st.integers(0, 2**31)


@dataclass(frozen=True)
class Sent:
    command: c.Command
    once: Once
    outcome: Outcome


class KnownIds(RandomIds):
    """Remembers every command id: none but these may appear in the log."""

    def __init__(self) -> None:
        self.commands: set[str] = set()

    def command(self) -> str:
        self.commands.add(command := super().command())
        return command


class Days(RuleBasedStateMachine):
    """Two engines (two processes with their own connections) take turns on one zone with a clock set by hand."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.zone_id = _FULL.id
        self.ids = KnownIds()
        self.clients = [self._run(_connected(url)) for _ in range(2)]
        self._run(self.clients[0].flushdb())
        self.records = Records(self.clients[0], self.zone_id)
        self.engines = [self._engine(CONFIGURATIONS[0], n) for n in range(2)]
        self.sent: list[Sent] = []
        self.acknowledged: list[Outcome] = []
        self.log: list[Event] = []
        self.folded = Snapshot()
        self.disturbed: set[str] = set()
        self.known = [TicketId("t00000")]
        self.keys = 0
        self.at_ms = 0

    def _run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.runner.run(work)

    def _engine(self, configured: Zone, n: int) -> Engine:
        return Engine(
            {self.zone_id: configured}, {self.zone_id: ZoneStore(self.clients[n], self.zone_id)}, Filling(ids=self.ids)
        )

    @initialize()
    def begin(self) -> None:
        self.now_ms = FIRST_MOMENT_MS
        self._run(ZoneStore(self.clients[0], self.zone_id).set_clock(FIRST_MOMENT_MS, 0))
        for engine in self.engines:
            self._run(engine.open())
        self.model = Model(CONFIGURATIONS[0], business_day(CONFIGURATIONS[0], FIRST_MOMENT_MS))
        self._attend()

    @rule(seed=seeds, by=processes)
    def one(self, seed: int, by: int) -> None:
        self._send_random(seed, by)

    @rule(seeds=st.lists(seeds, min_size=2, max_size=5), by=processes)
    def several(self, seeds: list[int], by: int) -> None:
        for seed in seeds:
            self._send_random(seed, by)

    @rule(seeds=st.lists(seeds, min_size=2, max_size=5))
    def several_in_turn(self, seeds: list[int]) -> None:
        for n, seed in enumerate(seeds):
            self._send_random(seed, n % 2)

    # What happens around them

    @rule(which=st.integers(0, 40), by=processes)
    def repeat(self, which: int, by: int) -> None:
        """A double click, or a replay long after."""
        if self.sent:
            sent = self.sent[-1 - which % len(self.sent)]
            again = self._run(self.engines[by].do(self.zone_id, sent.command, sent.once))
            invariants.i2_a_repeat_gets_the_same_answer(sent.outcome, again)

    @rule(which=st.integers(0, 40))
    def reuse_a_key(self, which: int) -> None:
        if self.sent:
            once = self.sent[which % len(self.sent)].once
            asked = self._run(self._asked(0, c.Recall(CounterId("another")), once))
            assert asked == (None, Refusal.KEY_REUSED)

    @rule(by_s=st.sampled_from(PAUSES_S))
    def pass_time(self, by_s: int) -> None:
        self._advance(self.now_ms + 1000 * by_s)

    @precondition(lambda self: self.seldom())
    @rule(days=st.sampled_from([1, 1, 2]), seed=seeds, by=processes)
    def sleep(self, days: int, seed: int, by: int) -> None:
        """Past the night (one of them skips an hour); the next command finds another day."""
        self._advance(self.now_ms + days * 86_400_000, by)
        self._send_random(seed, by)
        self._attend()

    @precondition(lambda self: self.seldom())
    @rule(to=processes, by=processes)
    def restart(self, to: int, by: int) -> None:
        """A process starts anew with another file; the other goes on with its own."""
        self.engines[by] = self._engine(CONFIGURATIONS[to], by)
        self._run(self.engines[by].open())
        self._configured(self.engines[by].zone(self.zone_id))

    @precondition(lambda self: self.seldom())
    @rule(by=processes)
    def lose_history(self, by: int) -> None:
        self._run(self.engines[by].begin_epoch(self.zone_id, "restored"))
        self.model.begin_epoch()
        self._configured(self.engines[by].zone(self.zone_id))

    def seldom(self) -> bool:
        return self.keys % 11 == 0

    # Both sides of a step

    def _advance(self, to_ms: int, by: int = 0) -> None:
        """Whoever speaks first on a new day begins it by its own configuration."""
        self.now_ms = self.model.now_ms = to_ms
        self._run(self.engines[0].set_clock(self.zone_id, to_ms, 0))
        if to_ms >= self.model.day.to_ms:
            self.model.roll(business_day(self.model.zone, to_ms))
            self._configured(self.engines[by].office[self.zone_id])
            self.disturbed.clear()

    def _configured(self, zone_in_force: Zone) -> None:
        if zone_in_force != self.model.zone:
            self.model.configure(zone_in_force)

    def _send(self, command: c.Command, by: int = 0) -> None:
        """The engine must do and refuse as the model does; what it did is kept for repeats."""
        self.keys += 1
        once = Once("test", str(self.keys)) if self.keys % 3 else None
        self.model.now_ms = self.now_ms
        before, expected = self.model.snapshot(0, 0), self._expected(command)
        outcome, refusal = self._run(self._asked(by, command, once))
        assert (refusal, command) == (expected, command)
        if outcome is None:
            return
        if isinstance(command, c.Issue | bc.CheckIn | c.Serve):
            self.known.append(command.ticket)
        if isinstance(command, c.Return | c.ComeBack | c.Delay | c.Transfer):
            self.disturbed.add(command.ticket)
        if isinstance(command, c.CallNext):
            self._check_order(command.counter, _at_the_call(before, outcome), outcome)
        if once and outcome.events:
            self.sent.append(Sent(command, once, outcome))
        self.acknowledged.append(outcome)

    def _expected(self, command: c.Command) -> Refusal | None:
        try:
            self.model.do(command)
        except Refused as e:
            return e.code
        return None

    async def _asked(self, by: int, command: c.Command, once: Once | None) -> tuple[Outcome | None, Refusal | None]:
        try:
            return await self.engines[by].do(self.zone_id, command, once), None
        except Refused as e:
            return None, e.code

    def _check_order(self, counter: CounterId, before: Snapshot, outcome: Outcome) -> None:
        zone = in_session(self.model.zone, before.counters)
        candidates = order(zone, counter, before.waiting(), self.now_ms)
        called = [TicketId(e.data["ticket"]) for e in outcome.events if e.type is EventType.CALLED]
        assert called == [candidate.ticket.id for candidate in candidates[:1]]
        here = [t for t in before.waiting() if is_here(t)]
        for ticket in called:
            invariants.i7_first_come_first_served(here, before.tickets[ticket], self.disturbed)

    def _attend(self) -> None:
        for counter in (ONE, TWO):
            if counter in self.model.counters and self.model.counters[counter].state is not CounterState.OPEN:
                self._send(c.OpenCounter(counter))

    def _send_random(self, seed: int, by: int) -> None:
        """Hypothesis likes to repeat small seeds; the count of steps makes each one another."""
        new = TicketId(f"t{self.keys:05d}")
        self._send(RandomCommands(f"{seed}/{self.keys}", self.model, self.known, new).one(), by)

    # What must be so after every step

    @invariant()
    def all_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        state, now_ms = self._run(self.engines[0].read(self.zone_id))
        assert now_ms == self.now_ms
        received = self._run(_all(self.records, self.log[-1] if self.log else None))
        seen = (self.folded.epoch, self.folded.seq)
        invariants.i10_a_stream_is_consecutive_or_restarts(seen, received)
        for event in received:
            self.folded.fold(event)
        self.log += received
        invariants.i9_state_is_the_fold_of_the_log(state, self.folded)
        expected = self.model.snapshot(state.epoch, state.at_ms)
        assert invariants.comparable(state) == invariants.comparable(expected)
        invariants.i1_numbers_are_unique_in_the_house(state)
        invariants.i3_one_counter_holds_a_ticket_at_a_counter(state)
        invariants.i3_only_waiting_or_set_aside_are_called(received)
        invariants.i6_issued_are_accounted_for(state)

    def teardown(self) -> None:
        whole = self._run(_all(self.records, None))
        for client in self.clients:
            self._run(client.aclose())
        self.runner.close()
        assert whole == self.log
        invariants.i4_acknowledged_is_in_the_log(whole, self.acknowledged)
        invariants.i5_no_ticket_without_a_command(whole, self.ids.commands)
        invariants.i8_seq_has_no_gap(whole)
        for seats in (places_of(CONFIGURATIONS[0]), None):
            assert_replays(whole, places_of(CONFIGURATIONS[0]), seats)


def _at_the_call(before: Snapshot, outcome: Outcome) -> Snapshot:
    """The state in which the counter calls: whom its finish has just sent on waits again."""
    sent_on = {
        TicketId(e.data["ticket"]): replace(
            before.tickets[e.data["ticket"]],
            state=TicketState.WAITING,
            service=e.data["service"],
            rank_ms=e.data["rank_ms"],
            counter=CounterId(""),
        )
        for e in outcome.events
        if e.type is EventType.TRANSFERRED
    }
    return replace(before, tickets={**before.tickets, **sent_on})


async def _connected(url: str) -> Any:
    return connect(url)


async def _all(records: Records, after: Event | None) -> list[Event]:
    return [event async for event in records.export(after)]


CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def play(machine: type[Days], url: str, examples: int, steps: int) -> None:
    """So many random runs of the machine, on the server at `url`."""
    profile = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=CHECKS)
    there = type(machine.__name__, (machine,), {"__init__": partialmethod(machine.__init__, url)})
    run_state_machine_as_test(there, settings=profile)
