"""When silence in turn means busy, and when another printer: at times that nobody has to wait for."""

from ticket_kiosk.printers.turns import Turns

GONE_S = 10.0


def met() -> Turns:
    turns = Turns(GONE_S)
    turns.answered()
    return turns


def unplugged(turns: Turns, at_s: float = 0, for_s: float = GONE_S) -> Turns:
    turns.away(at_s)
    turns.away(at_s + for_s)
    turns.there()
    return turns


def silent(turns: Turns, at_s: float, for_s: float = GONE_S) -> Turns:
    turns.silent(at_s)
    turns.silent(at_s + for_s)
    return turns


def test_nothing_is_expected_of_one_that_never_answered() -> None:
    assert not silent(Turns(GONE_S), 0).known


def test_silence_alone_never_makes_another_printer_of_it() -> None:
    assert silent(met(), 0, 100 * GONE_S).known


def test_who_was_well_went_away_and_comes_back_silent_is_another() -> None:
    assert not silent(unplugged(met()), 20).known


def test_who_comes_back_silent_is_no_other_before_it_had_time_to_start() -> None:
    assert silent(unplugged(met()), 20, GONE_S - 1).known


def test_who_answers_in_turn_after_all_is_the_same() -> None:
    turns = unplugged(met())
    turns.silent(20)
    turns.answered()
    assert silent(turns, 22).known


def test_a_moment_without_a_word_is_no_unplugging() -> None:
    assert silent(unplugged(met(), for_s=GONE_S - 1), 20).known


def test_two_moments_are_none_either() -> None:
    turns = unplugged(unplugged(met(), 0, 6), 8, 6)
    assert silent(turns, 20).known


def test_one_that_hung_before_it_was_unplugged_may_hang_still() -> None:
    turns = met()
    turns.silent(0)
    assert silent(unplugged(turns, 5), 20).known


def test_one_that_may_have_a_ticket_to_print_is_no_other() -> None:
    turns = met()
    turns.owes()
    assert silent(unplugged(turns), 20).known


def test_only_one_that_left_a_question_open_may_answer_late() -> None:
    turns = Turns(GONE_S)
    before = turns.may_answer_late
    turns.answered()
    well = turns.may_answer_late
    turns.silent(0)
    assert (before, well, turns.may_answer_late) == (False, False, True)
