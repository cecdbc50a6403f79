"""All laws of a zone together: written, read, refused, forgotten; sessions shrunk."""

import json
import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from queue_core.domain.model import ClassId, CounterId, ServiceId
from queue_core.estimate.laws.laws import FORMAT, Laws
from queue_core.estimate.laws.shifts import Step, Turn

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
USUAL = ClassId("usual")
SERVICES = [ServiceId(f"service-{n}") for n in range(6)]
COUNTERS = [CounterId(str(n)) for n in range(8)]


def taught(visits: int = 400, seed: int = 1, factor: float = 1.0) -> Laws:
    laws, random = Laws(), np.random.default_rng(seed)
    laws.begin_day(MONDAY)
    for n in range(visits):
        length_s = factor * float(np.exp(random.normal(math.log(600) - 0.18, 0.6)))
        laws.learn_visit(SERVICES[n % 6], 600.0, COUNTERS[n % 8], 0.0, length_s)
        laws.learn_wrap(COUNTERS[n % 8], float(random.exponential(15)))
        laws.learn_way(25.0 if n % 5 else None)
    return laws


def test_a_second_day_knows_the_first() -> None:
    laws = taught()
    before = laws.occupations.belief(SERVICES[0], 600.0).mean
    laws.begin_day(TUESDAY)
    assert laws.occupations.belief(SERVICES[0], 600.0).mean == pytest.approx(before, abs=0.05)
    assert laws.today.sessions == {}
    assert laws.today.pace.mean == pytest.approx(0)


def test_on_the_first_day_the_minutes_are_corrected_and_not_the_pace() -> None:
    laws = taught(120, factor=1.5)
    belief = laws.occupations.belief(SERVICES[0], 600.0)
    assert belief.mean == pytest.approx(math.log(900) - 0.18, abs=0.1)
    assert laws.today.pace.mean == pytest.approx(0)
    laws.begin_day(TUESDAY)
    assert laws.occupations.belief(SERVICES[0], 600.0).mean == pytest.approx(math.log(900) - 0.18, abs=0.25)


def test_a_night_is_forgotten_once() -> None:
    laws = taught()
    laws.forget_day()
    once = json.dumps(laws.to_json())
    laws.forget_day()
    assert json.dumps(laws.to_json()) == once


def test_a_slow_clerk_is_a_slow_session_but_less_than_seen() -> None:
    laws, random = taught(200), np.random.default_rng(3)
    for _ in range(25):
        length_s = 1.3 * float(np.exp(random.normal(math.log(600) - 0.18, 0.6)))
        laws.learn_visit(SERVICES[0], 600.0, COUNTERS[0], 0.0, length_s)
    session = laws.today.session(COUNTERS[0])
    assert 0 < session.effect < session.length.mean
    assert session.effect == pytest.approx(session.length.mean * session.length.n / (session.length.n + 25))


def test_a_session_unheard_of_is_like_the_others() -> None:
    session = Laws().today.session(COUNTERS[0])
    assert session.effect == 0
    assert session.doubt == pytest.approx(0.12)
    assert session.wrap_ratio(15.0) == 1


def test_who_never_wraps_up_is_soon_expected_not_to() -> None:
    laws = taught()
    session = laws.today.sessions[COUNTERS[0]]
    for _ in range(50):
        laws.learn_wrap(COUNTERS[0], 0.0)
    assert session.wrap_ratio(15.0) < 0.7


def test_pressing_started_is_learned() -> None:
    assert taught().pressed_share() == pytest.approx(0.8, abs=0.03)


def test_a_full_house_of_forty_days_is_25_kb() -> None:
    laws, random = Laws(), np.random.default_rng(1)
    for day in range(40):
        laws.begin_day(date.fromordinal(MONDAY.toordinal() + day))
        for n in range(400):
            length_s = float(np.exp(random.normal(6, 0.6)))
            laws.learn_visit(SERVICES[n % 6], 600.0, COUNTERS[n % 8], 0.0, length_s)
            laws.learn_wrap(COUNTERS[n % 8], float(random.exponential(15)))
            laws.learn_way(float(random.exponential(25)))
            laws.missed.learn(90.0)
            laws.arrivals.learn(SERVICES[n % 6], USUAL, 4 * 3600 + 72.0 * n)
        for counter in COUNTERS:
            for turn in range(8):
                laws.shifts.learn(counter, Turn(14_400.0 + 3600 * turn, Step(1 + turn % 2)))
    assert len(json.dumps(laws.to_json(), separators=(",", ":"))) <= 25_000


def test_they_are_written_and_read() -> None:
    laws = taught()
    record = json.loads(json.dumps(laws.to_json()))
    assert Laws.from_json(record).to_json() == record


@pytest.mark.parametrize(
    "record",
    [{}, {"format": FORMAT + 1}, {"format": FORMAT}, {**Laws().to_json(), "no_shows": 3}],
    ids=["none", "newer", "empty", "broken"],
)
def test_what_they_never_wrote_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="laws"):
        Laws.from_json(record)
