import json

import pytest

from queue_core.domain.model import ClassId, ServiceId
from queue_core.estimate.queue_length.laws import Laws

PASSPORT = ServiceId("passport")
EVERYBODY = ClassId("everybody")
CONFIGURED_S = 600.0


def test_before_anything_is_learned_the_configured_minutes_hold() -> None:
    assert Laws().occupation(PASSPORT, CONFIGURED_S).mean_s == CONFIGURED_S


def test_measured_lengths_replace_the_configured_ones() -> None:
    laws = Laws()
    for _ in range(60):
        laws.learn_occupation(PASSPORT, CONFIGURED_S, 300)
    assert laws.occupation(PASSPORT, CONFIGURED_S).mean_s == pytest.approx(300, rel=0.1)


def test_one_service_teaches_about_another_of_the_same_office() -> None:
    laws = Laws()
    for _ in range(40):
        laws.learn_occupation(PASSPORT, CONFIGURED_S, 300)
    assert laws.occupation(ServiceId("advice"), 1200).mean_s < 800


def test_new_lengths_count_more_than_old_ones() -> None:
    laws = Laws()
    for length_s in [300] * 200 + [900] * 100:
        laws.learn_occupation(PASSPORT, CONFIGURED_S, length_s)
    assert laws.occupation(PASSPORT, CONFIGURED_S).mean_s > 750


def test_forgotten_ticket_does_not_spoil_the_day() -> None:
    laws = Laws()
    for _ in range(30):
        laws.learn_occupation(PASSPORT, CONFIGURED_S, 600)
    laws.learn_occupation(PASSPORT, CONFIGURED_S, 8 * 3600)
    assert laws.occupation(PASSPORT, CONFIGURED_S).mean_s < 900


def test_what_is_known_less_is_doubted_more() -> None:
    known, unknown = Laws(), Laws()
    for _ in range(40):
        known.learn_occupation(PASSPORT, CONFIGURED_S, 600)
    assert known.cycle(PASSPORT, CONFIGURED_S).doubt_s < unknown.cycle(PASSPORT, CONFIGURED_S).doubt_s / 3


def test_no_shows_shorten_the_cycle_and_not_the_visit() -> None:
    laws = Laws()
    before = laws.occupation(PASSPORT, CONFIGURED_S)
    for _ in range(30):
        laws.learn_miss(60)
    assert laws.occupation(PASSPORT, CONFIGURED_S) == before
    assert laws.cycle(PASSPORT, CONFIGURED_S).length.mean_s < 0.7 * CONFIGURED_S


def test_overtaking_stretches_a_wait_but_at_most_twofold() -> None:
    laws = Laws()
    for _ in range(200):
        laws.learn_call(EVERYBODY, overtaken=True)
    assert laws.stretch(EVERYBODY) == pytest.approx(2)
    assert laws.stretch(ClassId("never seen")) < 1.1


def test_a_night_weakens_what_was_learned() -> None:
    laws = Laws()
    for _ in range(30):
        laws.learn_occupation(PASSPORT, CONFIGURED_S, 300)
    yesterday = laws.occupation(PASSPORT, CONFIGURED_S).mean_s
    laws.forget_day()
    assert yesterday < laws.occupation(PASSPORT, CONFIGURED_S).mean_s < CONFIGURED_S


def test_laws_survive_json() -> None:
    laws = Laws()
    laws.learn_occupation(PASSPORT, CONFIGURED_S, 300)
    laws.learn_gap(12)
    laws.learn_miss(60)
    laws.learn_call(EVERYBODY, overtaken=False)
    assert Laws.from_json(json.loads(json.dumps(laws.to_json()))) == laws
