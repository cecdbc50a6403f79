import math

from queue_core.domain.commands import CallNext, Finish, OpenCounter
from queue_core.domain.snapshot import Snapshot
from queue_core.evaluate.trial import WATCHED_EVERY_MS, WATCHED_MS, train, trial, watched_ms
from tests.queue_core.evaluate.days import NINE_MS, ONE, T1, T2, T3, Saying, draw, drawn_ms, log, said


def test_the_forecast_at_the_draw_is_written_down_beside_the_call() -> None:
    ledger = trial(Saying(said(300, 500, 700)), log(), Snapshot())
    assert ledger.said_s.tolist() == [[300, 500, 700]]
    assert ledger.called_s.tolist() == [600]
    assert (ledger.idle, ledger.left) == (1, 1)


def test_nothing_said_is_written_as_no_number() -> None:
    ledger = trial(Saying(None), log(), Snapshot())
    assert math.isnan(ledger.said_s[0, 1])
    assert ledger.faults == 0


def test_what_is_no_range_is_a_fault() -> None:
    crossed = trial(Saying(said(300, 200, 700)), log(), Snapshot())
    assert crossed.faults >= 2
    assert trial(Saying(said(-1, 0, 5)), log(), Snapshot()).faults >= 2


def test_it_is_asked_at_every_draw_and_watched_in_the_middle_of_the_day() -> None:
    method, events = Saying(said(1, 2, 3)), log()
    trial(method, events, Snapshot())
    moments = watched_ms(events)
    assert len(moments) == WATCHED_MS // WATCHED_EVERY_MS
    assert NINE_MS in moments
    in_time = [ms for ms in moments if ms < events[-1].at_ms]
    assert sorted(method.asked_ms) == sorted([*drawn_ms(events), *in_time])
    assert method.days_ended == 1


def test_a_standing_wait_moves_the_announced_time_by_as_much_as_passes() -> None:
    """Always "ten minutes more": a minute of waiting moves the announced time by a minute."""
    ledger = trial(Saying(said(500, 600, 700)), log(), Snapshot())
    assert ledger.watched_min > 5
    assert ledger.jumps_s / ledger.watched_min == 60


def test_neighbours_in_the_wrong_order_are_counted() -> None:
    steps = [(0, OpenCounter(ONE)), (0, draw(T1)), (0, CallNext(ONE)), (9, draw(T2)), (0, draw(T3)), (600, Finish(ONE))]
    steps += [(0, CallNext(ONE))]
    backwards = trial(Saying(of={T2: said(0, 900, 999), T3: said(0, 300, 999)}), log(steps), Snapshot())
    assert backwards.pairs > 0
    assert backwards.swapped == backwards.pairs
    assert trial(Saying(said(1, 2, 3)), log(steps), Snapshot()).swapped == 0


def test_a_day_without_waits_is_not_watched() -> None:
    assert len(watched_ms(log([(0, OpenCounter(ONE)), (0, draw(T1)), (5, CallNext(ONE))]))) == 0


def test_training_asks_only_who_learns_from_its_own_words() -> None:
    quiet, asked = Saying(), Saying()
    train(quiet, log())
    train(asked, log(), asked_every=2)
    assert (quiet.asked_ms, quiet.days_ended) == ([], 1)
    assert asked.asked_ms == drawn_ms(log())[1:2]
