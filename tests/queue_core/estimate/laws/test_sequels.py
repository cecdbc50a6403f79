"""What follows a visit, and how long those in between stay away; appointments; the way and the wrap-up."""

import numpy as np
import pytest

from queue_core.domain.model import ServiceId
from queue_core.estimate.laws.again import Sequels
from queue_core.estimate.laws.appointments import Appointments
from queue_core.estimate.laws.delays import WRAP, Delays

A, B, C = ServiceId("a"), ServiceId("b"), ServiceId("c")


def test_nobody_is_sent_anywhere_before_it_was_seen() -> None:
    laws = Sequels()
    assert laws.sent(A) == {}
    assert laws.parked(A) == 0


def test_shares_by_service_are_found() -> None:
    laws = Sequels()
    for n in range(400):
        laws.learn_visit(A)
        if n % 10 == 0:
            laws.learn_sent(A, B if n % 20 else C)
        if n % 20 == 5:
            laws.learn_parked_back(A, 700.0)
    assert sum(laws.sent(A).values()) == pytest.approx(0.1, abs=0.02)
    assert laws.sent(A)[B] == pytest.approx(laws.sent(A)[C], rel=0.1)
    assert laws.parked(A) == pytest.approx(0.05, abs=0.01)
    assert laws.sent(B) == {}


def test_of_the_missed_those_who_come_back() -> None:
    laws = Sequels()
    assert laws.missed_back() == pytest.approx(0.2)
    for n in range(200):
        laws.learn_missed()
        if n % 2:
            laws.learn_missed_back(400.0)
    assert laws.missed_back() == pytest.approx(0.5, abs=0.03)
    assert np.expm1(np.median(laws.missed_s.table().values)) == pytest.approx(400, rel=0.3)


def test_never_surely() -> None:
    laws = Sequels()
    for _ in range(500):
        laws.learn_parked()
        laws.learn_parked_back(A, 60.0)
    assert laws.parked_back() < 1


def test_sequels_are_written_read_and_forgotten() -> None:
    laws = Sequels()
    laws.learn_visit(A)
    laws.learn_sent(A, B)
    laws.learn_missed()
    assert Sequels.from_json(laws.to_json()).to_json() == laws.to_json()
    laws.forget_day()
    assert laws.services[A].n == pytest.approx(0.9)


def test_who_comes_to_an_appointment_and_when() -> None:
    laws = Appointments()
    assert laws.chance() == pytest.approx(0.85)
    for n, value in enumerate(np.random.default_rng(1).normal(-12 * 60, 240, 300)):
        laws.learn_check_in(float(value))
        if n % 3 == 0:
            laws.learn_absence()
    assert laws.chance() == pytest.approx(0.75, abs=0.02)
    assert laws.table().mean() == pytest.approx(-12, abs=0.5)
    assert Appointments.from_json(laws.to_json()).to_json() == laws.to_json()


def test_delays_start_at_their_prior_and_become_what_was_seen() -> None:
    delays = Delays(WRAP)
    assert np.expm1(np.median(delays.table().values)) == pytest.approx(WRAP.median_s, rel=0.05)
    for _ in range(150):
        delays.learn(40.0)
    assert np.expm1(delays.table().values) == pytest.approx(40, rel=0.05)
    assert (Delays(WRAP, delays.packed()).table().values == delays.table().values).all()
