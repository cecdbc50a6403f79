"""Hours that differ are found, hours that do not add nothing."""

import json
from random import Random

import numpy as np
import pytest

from queue_core.estimate.laws.level import Level
from queue_core.estimate.laws.profile import SLOT_S, SLOTS, Profile, slot_of

HOURS = range(8, 24)
NOON = 16


def day(random: Random, later: float = 0.0, whole_day: float = 0.0, visits: int = 12) -> dict[int, Level]:
    """One office day: from slot 16 on visits are `later` longer, all of them `whole_day` (of ln)."""
    slots = {slot: Level() for slot in HOURS}
    for slot, level in slots.items():
        for _ in range(visits):
            level.learn(random.gauss(whole_day + later * (slot >= NOON), 0.6))
    return slots


def learned(days: int, **office: float) -> Profile:
    random, profile = Random(7), Profile()
    for _ in range(days):
        profile.forget_day(day(random, **office))  # type: ignore[arg-type]
    return profile


def test_visits_that_double_at_noon_every_day_are_expected_to() -> None:
    profile = learned(15, later=np.log(2))
    logs = np.log(profile.factors())
    assert logs[NOON:24].mean() - logs[8:NOON].mean() == pytest.approx(np.log(2), abs=0.08)
    assert profile.at(NOON * SLOT_S) == pytest.approx(logs[NOON])


def test_where_hours_do_not_differ_next_to_nothing_is_added() -> None:
    assert max(map(abs, learned(15).added.values()), default=0.0) < 0.05


def test_slow_days_are_no_slow_hours() -> None:
    random, profile = Random(3), Profile()
    for n in range(15):
        profile.forget_day(day(random, whole_day=0.5 * (n % 2)))
    assert max(map(abs, profile.added.values()), default=0.0) < 0.05


def test_one_strange_day_is_not_believed_whole() -> None:
    profile = learned(15)
    profile.forget_day(day(Random(8), later=1.0))
    assert profile.at(NOON * SLOT_S) < 0.2


def test_nothing_is_known_before_a_day_has_ended_nor_from_a_single_hour() -> None:
    profile = Profile()
    assert profile.at(0) == 0.0
    profile.forget_day({})
    profile.forget_day({NOON: Level(5.0, 1.0, 1.0)})
    assert profile.factors().tolist() == [1.0] * SLOTS


def test_it_comes_back_from_json_as_it_was() -> None:
    profile = learned(5, later=0.7)
    again = Profile.from_json(json.loads(json.dumps(profile.to_json())))
    assert again.factors() == pytest.approx(profile.factors(), abs=1e-3)


@pytest.mark.parametrize(
    ("at_s", "slot"), [(-1.0, 0), (0.0, 0), (SLOT_S, 1), (25 * 3600.0, SLOTS - 1), (1e9, SLOTS - 1)]
)
def test_every_second_has_a_slot(at_s: float, slot: int) -> None:
    assert slot_of(at_s) == slot
