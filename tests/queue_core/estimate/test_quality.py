"""What was shown with each ticket, held against its first call: hand-made logs with known answers."""

import pytest

from queue_core.domain.archive import deidentified, events_of
from queue_core.domain.quality import Quality
from queue_core.estimate.quality import quality_of
from tests.queue_core.estimate.visits import Book

#: SHOWN is told as "10 to 20 minutes" and has its middle at 15.
IN_TIME = Quality(days=1, tickets=1, within=1, wait_s=1000, error_s=100, bias_s=-100)


@pytest.fixture
def book() -> Book:
    opened = Book()
    opened.add(0, "counter_opened", counter="1")
    return opened


def judged(book: Book) -> Quality:
    """The archive must say the same as the log."""
    quality = quality_of(book.log)
    assert quality_of(events_of(deidentified(book.log))) == quality
    return quality


def test_called_within_what_was_told(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    assert judged(book) == IN_TIME


def test_the_range_counts_as_it_was_worded_and_both_ends_belong_to_it(book: Book) -> None:
    book.draw(1, 0, {"p10_s": 660, "p50_s": 900, "p90_s": 1140})
    book.draw(2, 0, {"p10_s": 660, "p50_s": 900, "p90_s": 1140})
    book.move("called", 1, 600)
    book.move("started", 1, 650)
    book.move("finished", 1, 700)
    book.move("called", 2, 1200)
    assert (judged(book).within, judged(book).too_short) == (2, 0)


def test_called_later_than_told_was_promised_too_short(book: Book) -> None:
    book.draw(1, 0)
    book.move("called", 1, 1201)
    assert judged(book) == Quality(days=1, tickets=1, too_short=1, wait_s=1201, error_s=301, bias_s=-301)


def test_called_earlier_than_told_is_neither_within_nor_too_short(book: Book) -> None:
    book.draw(1, 0)
    book.move("called", 1, 500)
    assert judged(book) == Quality(days=1, tickets=1, wait_s=500, error_s=400, bias_s=400)


def test_whoever_is_called_within_a_minute_does_not_count(book: Book) -> None:
    book.draw(1, 0)
    book.move("called", 1, 59)
    assert judged(book) == Quality(days=1)


def test_without_a_range_nothing_was_promised(book: Book) -> None:
    book.draw(1, 0, None)
    book.move("called", 1, 100)
    assert judged(book) == Quality(days=1, tickets=1, unknown=1)


def test_an_undone_call_is_no_call(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 100)
    book.undo(1, 105, "waiting")
    assert judged(book) == Quality(days=1)
    book.move("called", 1, 1010)
    assert judged(book) == IN_TIME


def test_an_undone_second_call_leaves_the_first(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    book.move("parked", 1, 1020)
    book.move("called", 1, 1100)
    book.undo(1, 1105, "parked", called_ms=book.from_ms + 1_010_000)
    assert judged(book) == IN_TIME


def test_whoever_is_missed_was_called(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    book.move("missed", 1, 1030)
    assert judged(book) == IN_TIME


def test_a_miss_taken_back_is_a_call(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    book.move("missed", 1, 1030)
    book.undo(1, 1035, "called", called_ms=book.from_ms + 1_010_000)
    assert judged(book) == IN_TIME


def test_who_was_missed_and_is_called_again_was_called_the_first_time(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    book.move("missed", 1, 1030)
    book.move("called", 1, 1500)
    book.move("started", 1, 1510)
    assert judged(book) == IN_TIME
    book.undo(1, 1512, "missed", called_ms=book.from_ms + 1_010_000)
    assert judged(book) == IN_TIME


def test_who_is_missed_and_put_back_has_not_left(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    book.move("missed", 1, 1030)
    book.move("returned", 1, 1100, mode="old", rank_ms=book.from_ms)
    assert judged(book) == IN_TIME


def test_a_ticket_given_back_before_its_call_has_left_and_after_it_has_not(book: Book) -> None:
    book.draw(1, 10)
    book.draw(2, 10)
    book.draw(3, 10)
    book.move("cancelled", 1, 500, by="visitor")
    book.move("cancelled", 2, 40, by="visitor")
    book.move("called", 3, 1010)
    book.move("parked", 3, 1020)
    book.move("cancelled", 3, 1500, by="staff")
    assert judged(book) == IN_TIME + Quality(left=1)


def test_a_ticket_sent_on_counts_by_its_first_call(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    book.move("transferred", 1, 1020, from_service="new", rank_ms=book.from_ms, counter="1")
    book.move("called", 1, 4000)
    assert judged(book) == IN_TIME


def test_a_ticket_that_expires_uncalled_says_nothing(book: Book) -> None:
    book.draw(1, 10)
    book.move("expired", 1, 9000)
    assert judged(book) == Quality(days=1)


def test_an_appointment_waits_from_its_slot_on(book: Book) -> None:
    slot_ms = book.from_ms + 1_800_000
    times = {"slot_ms": slot_ms, "not_before_ms": slot_ms - 300_000, "booking": "b"}
    book.add(0, "booked", booking="b", service="new", visitor_class="normal", slot_ms=slot_ms)
    book.add(1, "checked_in", booking="b", service="new", visitor_class="normal", slot_ms=slot_ms, ticket="t1")
    book.draw(1, 1, {"p10_s": 0, "p50_s": 60, "p90_s": 120}, **times)
    book.move("called", 1, 1900)
    quality = judged(book)
    assert (quality.tickets, quality.wait_s, quality.too_short) == (1, 100, 1)
    assert quality.bias_s == 1499 - 1899


def test_an_appointment_called_at_its_slot_has_not_waited(book: Book) -> None:
    slot_ms = book.from_ms + 1_800_000
    book.draw(1, 1, slot_ms=slot_ms)
    book.move("called", 1, 1801)
    assert judged(book) == Quality(days=1)


def test_a_number_drawn_while_the_server_was_away_was_shown_no_range(book: Book) -> None:
    book.draw(1, 1000, arrival_ms=book.from_ms, lent=True)
    book.move("called", 1, 1700)
    assert judged(book) == Quality(days=1, tickets=1, unknown=1)


def test_days_add_up(book: Book) -> None:
    book.draw(1, 10)
    book.move("called", 1, 1010)
    assert quality_of(book.log) + quality_of(book.log) == Quality(2, 2, 2, 0, 0, 0, 2000, 200, -200)


def test_a_day_on_which_nobody_drew_is_none(book: Book) -> None:
    assert judged(book) == Quality()
    assert quality_of([]) == Quality()


def test_a_day_is_judged_over_a_new_epoch(book: Book) -> None:
    book.draw(1, 10)
    ticket = {**{k: v for k, v in book.log[-1].data.items() if k not in {"ticket", "n", "estimate"}}, "id": "t1"}
    state = {"tickets": [{**ticket, "state": "waiting", "seq": 3}], "counters": [{"id": "1", "state": "open"}]}
    book.add(500, "epoch_started", cause="restored", state=state)
    book.move("called", 1, 1010)
    assert judged(book) == IN_TIME
