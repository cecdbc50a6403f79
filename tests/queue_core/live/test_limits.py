import pytest

from queue_core.live.limits import Allowance, Limits, Seats, TooMany


def test_an_address_takes_only_so_many_seats_and_others_still_sit() -> None:
    seats = Seats(Limits(clients_most=3, clients_per_ip_most=2))
    seats.take("a")
    seats.take("a")
    with pytest.raises(TooMany) as refused:
        seats.take("a")
    assert refused.value.own
    seats.take("b")
    with pytest.raises(TooMany) as refused:
        seats.take("c")
    assert not refused.value.own


def test_a_seat_given_back_is_free() -> None:
    seats = Seats(Limits(clients_most=1))
    seats.take("a")
    seats.give_back("a")
    assert len(seats) == 0
    seats.take("b")


def test_messages_are_allowed_in_a_burst_and_then_at_a_rate() -> None:
    allowance = Allowance(at_once=2, per_s=1, now_s=0)
    assert [allowance.spend(0) for _ in range(3)] == [True, True, False]
    assert allowance.spend(1.1)
    assert not allowance.spend(1.2)
    assert [allowance.spend(100) for _ in range(3)] == [True, True, False]


def test_more_than_is_left_takes_nothing() -> None:
    allowance = Allowance(at_once=10, per_s=1, now_s=0)
    assert allowance.spend(0, 6)
    assert not allowance.spend(0, 5)
    assert allowance.spend(0, 4)
