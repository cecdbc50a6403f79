"""Lua decides, pure Python explains, the run forecasts: on random days all three choose the same next ticket."""

from dataclasses import replace

import pytest

from queue_core.domain.events import EventType
from queue_core.domain.model import CounterId, TicketId
from queue_core.domain.outcome import Outcome
from queue_core.domain.policy import is_here
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.forward.house import House
from queue_core.estimate.forward.run import run
from tests.support.fixed_chances import FixedChances
from tests.support.machine import Days, play


class DaysForecast(Days):
    """At each `call next` the engine has decided by Lua, and the machine has held that to the policy."""

    def _check_order(self, counter: CounterId, before: Snapshot, outcome: Outcome) -> None:
        super()._check_order(counter, before, outcome)
        called = [TicketId(e.data["ticket"]) for e in outcome.events if e.type is EventType.CALLED]
        assert self._forecast(counter, before) == called

    def _forecast(self, counter: CounterId, before: Snapshot) -> list[TicketId]:
        """Whom the counter calls now, where no other ever does. The run takes people at home as there: without them."""
        here = {t.id: t for t in before.tickets.values() if is_here(t)}
        house = House.of(self.model.zone, replace(before, tickets=here), self.now_ms)
        chances = FixedChances(free=[0.0 if c.id == counter else float("inf") for c in house.counters])
        run(house, chances)
        now = [call.person for call in chances.asked if call.at_s == 0 and call.person < len(house.waiting)]
        return [house.waiting[person].id for person in now[:1]]


def test_lua_python_and_the_run_choose_the_same_ticket(store_url: str) -> None:
    play(DaysForecast, store_url, examples=6, steps=30)


@pytest.mark.slow
def test_lua_python_and_the_run_choose_the_same_ticket_on_many_long_days(store_url: str) -> None:
    play(DaysForecast, store_url, examples=40, steps=50)
