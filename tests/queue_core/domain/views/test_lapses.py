from dataclasses import replace

from queue_core.domain.model import TicketId, TicketState
from queue_core.domain.views import states
from queue_core.domain.views.lapses import Lapses, lapsed
from queue_core.domain.views.scene import Scene
from tests.queue_core.domain.views.scenes import NINE_MS, Morning

UNTIL_MS = NINE_MS + 900_000


def from_home(morning: Morning, until_ms: int = UNTIL_MS) -> TicketId:
    ticket, state = morning.issue(), morning.model.state
    state.put(replace(state.tickets[ticket], confirm_by_ms=until_ms))
    state.remote += 1
    return ticket


def seen(morning: Morning, now_ms: int) -> Scene:
    return Scene.at(morning.model.zone, morning.model.state, None, now_ms)


def test_whoever_has_not_come_in_time_is_not_counted_as_waiting() -> None:
    morning = Morning()
    from_home(morning)
    here = morning.issue()
    before, after = seen(morning, UNTIL_MS - 1), seen(morning, UNTIL_MS)
    for view in (states.waits, states.public, states.lobby, states.desk):
        assert [view(scene)["services"][0]["waiting"] for scene in (before, after)] == [2, 1]
    assert [states.own(scene, here)["ahead"] for scene in (before, after)] == [1, 0]


def test_a_lapsed_number_counts_as_given_back_before_the_log_says_so() -> None:
    morning = Morning()
    from_home(morning)
    before, after = seen(morning, UNTIL_MS - 1).totals, seen(morning, UNTIL_MS).totals
    assert (before[TicketState.WAITING], before[TicketState.CANCELLED]) == (1, 0)
    assert (after[TicketState.WAITING], after[TicketState.CANCELLED]) == (0, 1)


def test_who_is_no_longer_expected_there_does_not_lapse() -> None:
    morning = Morning()
    ticket, state = from_home(morning), morning.model.state
    state.put(replace(state.tickets[ticket], state=TicketState.PARKED))
    assert lapsed(state, UNTIL_MS) == frozenset()


def test_a_lapse_is_noticed_when_its_time_has_come_and_not_worked_out_before() -> None:
    morning, lapses = Morning(), Lapses()
    first, second = from_home(morning), from_home(morning, UNTIL_MS + 1)
    state = morning.model.state
    none = lapses.at(None, NINE_MS)
    assert lapses.at(state, NINE_MS) is none
    assert lapses.at(state, UNTIL_MS - 1) is none
    assert lapses.at(state, UNTIL_MS) == {first}
    assert lapses.at(state, UNTIL_MS + 1) == {first, second}
    assert lapses.at(state, NINE_MS) == frozenset()


def test_an_event_that_lets_nobody_lapse_changes_nothing() -> None:
    morning, lapses = Morning(), Lapses()
    from_home(morning)
    once = lapses.at(morning.model.state, UNTIL_MS)
    morning.issue()
    assert lapses.at(morning.model.state, UNTIL_MS) is once
