"""What the log teaches, and what it does not."""

import copy
import math

import numpy as np
import pytest

from queue_core.domain.booking_commands import Book, CheckIn
from queue_core.domain.commands import (
    CallNext,
    CallTicket,
    Cancel,
    CloseCounter,
    Finish,
    Miss,
    OpenCounter,
    Park,
    PauseCounter,
    Return,
    Start,
    Transfer,
)
from queue_core.domain.model import BookingId, Current, ReturnMode, TicketId
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.laws.laws import Laws
from queue_core.estimate.laws.learning import Learning
from queue_core.estimate.laws.shifts import Step
from tests.queue_core.estimate.laws.watched import ONE, TWO, ZONE, A, B, Watched

HOUR_S = 3600.0


@pytest.fixture
def watched() -> Watched:
    watched = Watched()
    watched.open(ONE, TWO)
    return watched


def lengths(laws: Laws) -> float:
    return laws.occupations.services[A].level.n if A in laws.occupations.services else 0


def wraps_s(laws: Laws) -> list[float]:
    return [round(float(x)) for x in np.expm1(laws.wrap._seen.values())]


def test_a_visit_is_learned_when_it_can_no_longer_be_undone(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 300)
    watched.do(PauseCounter(TWO), after_s=20)
    assert lengths(watched.laws) == 0
    watched.settle()
    assert lengths(watched.laws) == 1
    law = watched.laws.occupations.services[A].level
    assert law.mean == pytest.approx(math.log(300 / 300), abs=0.01)


def test_a_finish_undone_is_not_learned(watched: Watched) -> None:
    watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    before = copy.deepcopy(watched.state)
    watched.do(Finish(ONE), after_s=100)
    watched.undo(ONE, 1, before)
    watched.do(Finish(ONE), after_s=500)
    watched.settle()
    assert lengths(watched.laws) == 1
    assert watched.laws.occupations.services[A].level.mean == pytest.approx(math.log(620 / 300), abs=0.01)


def test_a_finish_with_the_next_call_undone_is_not_learned(watched: Watched) -> None:
    for _ in range(3):
        watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    before = copy.deepcopy(watched.state)
    watched.do(CallNext(ONE, Current.FINISH), after_s=100)
    watched.undo(ONE, 2, before)
    watched.settle()
    assert lengths(watched.laws) == 0
    assert watched.laws.no_shows.shares[0].n == 0


def test_a_no_show_is_no_service(watched: Watched) -> None:
    watched.draw()
    watched.do(CallNext(ONE), after_s=1500)
    watched.do(Miss(ONE), after_s=90)
    watched.settle()
    assert lengths(watched.laws) == 0
    assert len(watched.laws.missed) == 1
    assert sum(share.k for share in watched.laws.no_shows.shares) == 1
    assert watched.laws.no_shows.chances()[-1] > 0.05


def test_a_late_finish_makes_the_visit_longer_and_the_wrap_up_shorter(watched: Watched) -> None:
    for _ in range(4):
        watched.draw()
    watched.serve(ONE, 300)
    watched.do(CallNext(ONE), after_s=40)
    watched.do(CallNext(ONE, Current.FINISH), after_s=340)
    watched.settle()
    assert wraps_s(watched.laws) == [0, 40]


def test_idle_time_is_no_wrap_up(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 300)
    watched.wait(600)
    watched.draw()
    watched.serve(ONE, 300)
    watched.settle()
    assert wraps_s(watched.laws) == []


def test_who_ends_a_visit_only_when_somebody_comes_teaches_no_length(watched: Watched) -> None:
    watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    watched.wait(3000)
    watched.draw()
    watched.do(CallNext(ONE, Current.FINISH), after_s=10)
    watched.settle()
    assert lengths(watched.laws) == 0
    assert wraps_s(watched.laws) == []


def test_the_way_is_learned_where_started_is_pressed(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 300, way_s=30)
    watched.settle()
    assert len(watched.laws.way) == 1
    pressed = watched.laws.pressed_share()
    watched.draw()
    watched.serve(ONE, 300)
    watched.settle()
    assert len(watched.laws.way) == 1
    assert watched.laws.pressed_share() < pressed


def test_who_gives_up_is_learned_with_the_wait(watched: Watched) -> None:
    ticket = watched.draw()
    watched.do(Cancel(ticket, by="visitor"), after_s=1500)
    hazards = watched.laws.cancelling.hazards()
    assert hazards[3] > hazards[0]


def test_who_is_sent_on_is_learned_and_the_second_talk_apart(watched: Watched) -> None:
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    watched.do(Transfer(ticket, to_service=B, by_counter=ONE), after_s=280)
    watched.do(CallNext(TWO), after_s=10)
    watched.do(Start(TWO), after_s=20)
    watched.do(Finish(TWO), after_s=100)
    watched.settle()
    assert watched.laws.sequels.sent(A).keys() == {B}
    assert watched.laws.occupations.second.n == 1
    assert B not in watched.laws.occupations.services
    assert watched.laws.sequels.services.keys() == {A}


def test_who_was_set_aside_and_comes_back_is_learned(watched: Watched) -> None:
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    watched.do(Park(ONE, reason="papers"), after_s=200)
    watched.do(Return(ticket, ReturnMode.OLD), after_s=900)
    watched.settle()
    assert watched.laws.sequels.parked(A) > 0
    assert np.expm1(watched.laws.sequels.parked_s._seen.values()) == pytest.approx([900], rel=0.03)


def test_who_was_set_aside_and_is_called_at_once_is_back(watched: Watched) -> None:
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Start(ONE), after_s=20)
    watched.do(Park(ONE), after_s=200)
    watched.do(CallTicket(ticket, ONE), after_s=400)
    watched.settle()
    assert watched.laws.sequels.parked(A) > 0


def test_who_was_missed_and_comes_back_is_learned(watched: Watched) -> None:
    ticket = watched.draw()
    watched.do(CallNext(ONE))
    watched.do(Miss(ONE), after_s=80)
    watched.do(Return(ticket, ReturnMode.AFTER, 300), after_s=600)
    watched.settle()
    assert watched.laws.sequels.missed_back() > 0.2
    assert np.expm1(watched.laws.sequels.missed_s._seen.values()) == pytest.approx([900], rel=0.03)


def test_counters_openings_and_breaks_are_learned(watched: Watched) -> None:
    watched.draw()
    watched.do(PauseCounter(ONE), after_s=HOUR_S)
    watched.do(OpenCounter(ONE), after_s=600)
    watched.do(CloseCounter(ONE), after_s=HOUR_S)
    steps = [turn.step for turn in watched.laws.shifts.today[ONE]]
    assert steps == [Step.OPENED, Step.PAUSED, Step.OPENED, Step.CLOSED]


def test_a_break_that_waited_for_a_visits_end_was_due_in_its_middle(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 600)
    watched.do(PauseCounter(ONE), after_s=10)
    watched.do(OpenCounter(ONE), after_s=900)
    paused, opened = watched.laws.shifts.today[ONE][-2:]
    assert opened.at_s - paused.at_s == pytest.approx(300 + 10 + 900)


def test_who_leaves_when_nobody_is_left_to_call_leaves_softly(watched: Watched) -> None:
    watched.draw(B)
    watched.do(CloseCounter(ONE), after_s=HOUR_S)
    assert watched.laws.shifts.today[ONE][-1].step is Step.LEFT


def test_a_session_ends_with_the_counters_closing(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 600)
    watched.settle()
    assert ONE in watched.laws.today.sessions
    watched.do(CloseCounter(ONE))
    assert ONE not in watched.laws.today.sessions


def test_who_checks_in_and_who_does_not(watched: Watched) -> None:
    slot_ms = watched.now_ms + 1_800_000
    for name in ("here", "absent"):
        watched.do(Book(BookingId(name), A, ZONE.default_class, slot_ms))
    watched.do(CheckIn(BookingId("here"), TicketId("t")), after_s=1200)
    assert watched.laws.appointments.table().mean() < 0
    assert watched.laws.appointments.shows.k == 1
    watched.wait(24 * HOUR_S)
    watched.draw()
    assert watched.laws.appointments.shows.n == pytest.approx(2 * 0.95, rel=0.01)
    assert watched.laws.appointments.shows.k == pytest.approx(0.95, rel=0.01)


def test_a_new_day_forgets_the_sessions(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 600)
    watched.wait(24 * HOUR_S)
    watched.draw()
    assert lengths(watched.laws) == pytest.approx(0.95)
    assert watched.laws.today.sessions == {}
    assert len(watched.laws.shifts.days) == 1


def test_a_log_may_begin_in_the_middle_of_a_day(watched: Watched) -> None:
    ticket = watched.draw()
    watched.draw()
    watched.do(CallNext(ONE))
    begun = len(watched.paper.log)
    watched.do(Finish(ONE), after_s=300)
    watched.do(CallNext(ONE), after_s=15)
    watched.do(Miss(ONE), after_s=60)
    watched.settle()
    state = Snapshot()
    for event in watched.paper.log[:begun]:
        state.fold(event)
    assert ticket in state.tickets
    laws = Laws()
    learning = Learning(ZONE, laws, state)
    for event in watched.paper.log[begun:]:
        learning.observe(event, state)
        state.fold(event)
        learning.follow(event, state)
    assert lengths(laws) == 1
    assert wraps_s(laws) == [15]


def test_a_new_epoch_drops_what_it_may_have_lost(watched: Watched) -> None:
    watched.draw()
    watched.serve(ONE, 300)
    watched.take(watched.paper.log[0])
    watched.paper.state.seq = watched.state.seq
    assert lengths(watched.laws) == 0
