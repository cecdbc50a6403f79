"""Waits, counts and times of day in German and English."""

from datetime import UTC, datetime
from typing import Any

import pytest

from queue_core.domain.quality import Quality
from queue_core.domain.telling import Told
from queue_core.estimate.forecast import Later, NoRange
from queue_core.web.teller import Teller
from queue_core.web.words import WEB, languages, translations

BERLIN = "Europe/Berlin"
MONDAY_0800_MS = round(datetime(2026, 11, 23, 7, tzinfo=UTC).timestamp() * 1000)
MINUTE_MS = 60_000


def teller(language: str) -> Teller:
    return Teller(translations(WEB, language), language)


def record(p10_s: int | None = None, p90_s: int = 0, **changes: Any) -> dict[str, Any]:
    wait = None if p10_s is None else {"p10_s": p10_s, "p90_s": p90_s}
    plain = {"state": "open", "open": True, "opens_ms": None, "closes_ms": None, "wait": wait, "reason": None}
    return plain | changes


def test_a_wait_is_told_in_the_language_of_the_page() -> None:
    told = record(600, 1500)
    assert teller("de").service(told, MONDAY_0800_MS, BERLIN) == "etwa 10 bis 25 Minuten"
    assert teller("en").wait(told, MONDAY_0800_MS, BERLIN) == "about 10 to 25 minutes"


def test_a_long_wait_is_told_with_times_of_the_zone() -> None:
    said = teller("de").service(record(4600, 5400), MONDAY_0800_MS, BERLIN)
    assert said == "etwa 75 bis 90 Minuten (09:15 bis 09:30 Uhr)"


def test_a_closed_service_says_when_it_opens_and_on_which_day() -> None:
    closed = record(state="closed", open=False, opens_ms=MONDAY_0800_MS)
    today, week_before = MONDAY_0800_MS - 60 * MINUTE_MS, MONDAY_0800_MS - 7 * 24 * 60 * MINUTE_MS
    assert teller("de").service(closed, today, BERLIN) == "geschlossen, öffnet 08:00"
    assert teller("de").service(closed, week_before, BERLIN) == "geschlossen, öffnet Mo., 23. November, 08:00"


def test_a_zone_says_till_when_it_is_open() -> None:
    until = record(closes_ms=MONDAY_0800_MS + 90 * MINUTE_MS)
    assert teller("de").open([until], MONDAY_0800_MS, BERLIN) == "geöffnet bis 09:30"
    assert teller("en").open([record()], MONDAY_0800_MS, BERLIN) == "open"
    closed = record(state="closed", open=False, opens_ms=MONDAY_0800_MS)
    assert teller("de").open([closed], MONDAY_0800_MS - 1, BERLIN) == "geschlossen, öffnet 08:00"


def test_a_wait_beyond_closing_time_is_warned_of() -> None:
    late = record(600, 1800, closes_ms=MONDAY_0800_MS + 20 * MINUTE_MS)
    assert "08:20" in teller("de").closing(late, MONDAY_0800_MS, BERLIN)
    assert teller("de").closing(record(0, 60), MONDAY_0800_MS, BERLIN) == ""


def test_counts_have_their_plural_and_nothing_has_a_word_of_its_own() -> None:
    told = [teller("de").count("ahead", n) for n in (0, 1, 2)]
    assert told == ["niemand vor Ihnen", "etwa 1 Person vor Ihnen", "etwa 2 Personen vor Ihnen"]


def test_arabic_counts_in_its_six_forms() -> None:
    told = [teller("ar").count("waiting", n) for n in (1, 2, 4, 15, 100)]
    assert told == ["شخص واحد ينتظر", "شخصان ينتظران", "4 أشخاص ينتظرون", "15 شخصًا ينتظرون", "100 شخص ينتظر"]


def test_phrases_hold_every_plural_form_and_keep_their_placeholders() -> None:
    phrases = {(p.name, p.plural): p.sentence for p in teller("en").phrases()}
    assert phrases["waiting", "one"] == "{n} person waiting"
    assert phrases["waiting", "other"] == "{n} people waiting"
    assert phrases["wait-between", ""] == "about {low} to {high} minutes"


def test_who_may_not_be_called_yet_is_told_that_first() -> None:
    soon_ms = MONDAY_0800_MS + 20 * MINUTE_MS
    later = record(1200, 2400, not_before_ms=soon_ms)
    assert teller("de").wait(later, MONDAY_0800_MS, BERLIN) == (
        "nicht vor 08:20 Uhr; Aufruf wahrscheinlich 08:20 bis 08:40 Uhr"
    )
    exact = record(1200, 1300, not_before_ms=soon_ms)
    assert teller("en").wait(exact, MONDAY_0800_MS, BERLIN) == "not before 08:20; probably called 08:20 to 08:25"
    far = record(1500, 9000, not_before_ms=soon_ms)
    assert teller("en").wait(far, MONDAY_0800_MS, BERLIN) == "not before 08:20; probably called after 08:25"
    wide = record(1200, 9000, not_before_ms=soon_ms)
    assert teller("en").wait(wide, MONDAY_0800_MS, BERLIN) == "not before 08:20"
    assert teller("de").wait(record(not_before_ms=soon_ms), MONDAY_0800_MS, BERLIN) == "nicht vor 08:20 Uhr"
    unknown = record(not_before_ms=soon_ms, reason="no_counter_open")
    assert teller("de").wait(unknown, MONDAY_0800_MS, BERLIN) == "nicht vor 08:20 Uhr; zurzeit ist kein Schalter offen"


def test_that_no_counter_is_open_is_said_once() -> None:
    told, none = teller("de"), record(reason="no_counter_open", counters_open=0)
    assert told.service(none, MONDAY_0800_MS, BERLIN) == "zurzeit ist kein Schalter offen"
    assert told.counters(none, MONDAY_0800_MS) == ""
    assert told.counters(record(counters_open=0), MONDAY_0800_MS) == "kein Schalter offen"
    assert told.counters(record(600, 900, counters_open=2), MONDAY_0800_MS) == "2 Schalter offen"


@pytest.mark.parametrize(
    ("ticket", "said"),
    [
        ({"ahead": None}, ""),
        ({"ahead": 0}, "Sie sind als Nächstes dran"),
        ({"ahead": 0, "not_before_ms": MONDAY_0800_MS + 1}, "niemand vor Ihnen"),
        ({"ahead": 4, "not_before_ms": 0}, "etwa 4 Personen vor Ihnen"),
        (
            {"ahead": 0, "confirm_by_ms": MONDAY_0800_MS + 1},
            "Sie sind als Nächstes dran, sobald Sie gesagt haben, dass Sie da sind",
        ),
        ({"ahead": 4, "confirm_by_ms": MONDAY_0800_MS + 1}, "etwa 4 Personen vor Ihnen"),
    ],
    ids=["unknown", "next", "next_but_too_early", "four", "next_but_not_confirmed", "four_not_confirmed"],
)
def test_the_position_is_said_as_far_as_it_is_known(ticket: dict[str, Any], said: str) -> None:
    assert teller("de").position(ticket, MONDAY_0800_MS) == said


def test_the_track_record_is_told_of_enough_visits_only() -> None:
    assert teller("de").kept(Quality(tickets=210, unknown=10, within=162), 7) == (
        "In den letzten 7 Tagen kamen 81 von 100 in der angezeigten Zeit dran."
    )
    assert teller("en").kept(Quality(tickets=20, within=20), 1) == (
        "Yesterday 100 of 100 were called within the range shown."
    )
    assert teller("en").kept(Quality(tickets=20, unknown=1, within=19), 7) == teller("en").kept(None, 7) == ""


@pytest.mark.parametrize("language", languages())
def test_every_kind_of_telling_and_every_reason_has_words_in_every_language(language: str) -> None:
    said = {phrase.name: phrase.sentence for phrase in teller(language).phrases() if not phrase.plural}
    kinds = [*(f"wait-{told}" for told in Told), *(f"later-{why}" for why in Later)]
    names = [*kinds, "next", "next-unconfirmed", "then", "best"]
    assert [name for name in names if not said.get(name)] == []
    assert {f"wait-{reason}" for reason in NoRange} <= said.keys()
    assert {teller(language).later({"later": why}) for why in Later} == {said[f"later-{why}"] for why in Later}
    assert teller(language).later({"later": None}) == ""
