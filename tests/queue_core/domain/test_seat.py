"""Whose a counter is when two pages want it."""

import pytest

from queue_core.domain.seat import ALONE_MS, Claim, Seat, SeatId, seat_id, seated

HERS, HIS = SeatId("hers-0123456789abcdef"), SeatId("his-0123456789abcdefg")
HELD = Seat(HERS, "anna", since_ms=1_000, used_ms=1_000)


def claim(**more: bool) -> Claim:
    return Claim(HIS, (more.pop("of_anna", False) and "anna") or "ben", **more)


def test_a_free_counter_is_taken_without_asking() -> None:
    assert seated(None, claim(), 5_000) == Seat(HIS, "ben", 5_000, 5_000)


def test_who_sits_there_stays_since_the_same_time() -> None:
    assert seated(HELD, Claim(HERS, "anna"), 9_000) == Seat(HERS, "anna", 1_000, 9_000)


def test_a_page_nobody_is_at_keeps_its_seat_but_does_not_look_used() -> None:
    assert seated(HELD, Claim(HERS, "anna", used=False), 9_000) == HELD


def test_another_page_does_not_get_in_unasked() -> None:
    assert seated(HELD, claim(), 5_000) == HELD


def test_an_empty_counter_can_be_taken_over() -> None:
    assert seated(HELD, claim(take=True), 5_000).id == HIS


def test_a_visitor_is_not_taken_from_somebody_who_is_there() -> None:
    assert seated(HELD, claim(take=True, with_visitor=True), 5_000) == HELD


def test_a_visitor_goes_along_to_the_same_login_s_other_window() -> None:
    assert seated(HELD, claim(take=True, with_visitor=True, of_anna=True), 5_000).id == HIS


@pytest.mark.parametrize(("later_ms", "whose"), [(ALONE_MS - 1, HERS), (ALONE_MS, HIS)], ids=["there", "alone"])
def test_a_visitor_left_alone_can_be_taken_over(later_ms: int, whose: SeatId) -> None:
    assert seated(HELD, claim(take=True, with_visitor=True), 1_000 + later_ms).id == whose


@pytest.mark.parametrize("text", ["", "short", "x" * 65, "with space 0123456789", "umlaut-äöü-0123456789"])
def test_what_no_page_makes_is_no_seat(text: str) -> None:
    assert seat_id(text) is None
