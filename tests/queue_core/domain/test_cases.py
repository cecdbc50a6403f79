"""News of a case, its line of stages, and how long stages usually take."""

from dataclasses import replace

import pytest

from queue_core.domain.cases import (
    FEWEST,
    Case,
    Effect,
    News,
    Progress,
    Stay,
    Unfit,
    Usual,
    days_between,
    line,
    told,
    unfit,
    usual,
)
from tests.support.cases import DAY_MS, MONDAY_MS, RULES


def case_of(*stages: str) -> Case:
    """A case that went through these, a week each."""
    case = told(None, News(stages[0], MONDAY_MS), RULES).case
    for n, stage in enumerate(stages[1:], start=1):
        case = told(case, News(stage, MONDAY_MS + 7 * n * DAY_MS), RULES).case
    return case


def test_a_case_begins_with_its_first_news() -> None:
    after = told(None, News("received", MONDAY_MS, documents=("lease",)), RULES)
    assert (after.effect, after.stay) == (Effect.CREATED, None)
    assert (after.case.kind, after.case.since_ms, after.case.documents) == ("first", MONDAY_MS, ("lease",))


def test_older_news_change_nothing() -> None:
    case = case_of("received", "checking")
    assert told(case, News("decided", MONDAY_MS), RULES) == replace(told(case, News("decided", 0), RULES), case=case)
    assert told(case, News("decided", MONDAY_MS), RULES).effect is Effect.OUTDATED


def test_the_same_news_again_change_nothing() -> None:
    case = case_of("received", "checking")
    again = told(case, News("checking", case.updated_ms), RULES)
    assert (again.effect, again.case, again.stay) == (Effect.UNCHANGED, case, None)


def test_news_of_the_same_moment_correct_each_other() -> None:
    case = case_of("received")
    assert told(case, News("received", MONDAY_MS, next_step="send"), RULES).effect is Effect.CHANGED


def test_a_stage_is_measured_when_it_is_left() -> None:
    case = case_of("received")
    after = told(case, News("checking", MONDAY_MS + 3 * DAY_MS), RULES)
    assert after.stay == Stay("first", "received", 3, MONDAY_MS + 3 * DAY_MS)


def test_news_within_a_stage_do_not_begin_it_anew() -> None:
    case = told(case_of("received"), News("received", MONDAY_MS + DAY_MS, documents=("lease",)), RULES).case
    assert (case.since_ms, case.updated_ms) == (MONDAY_MS, MONDAY_MS + DAY_MS)


def test_of_a_case_first_heard_of_in_a_later_stage_nothing_is_measured_yet() -> None:
    case = case_of("checking")
    left = told(case, News("deciding", MONDAY_MS + DAY_MS), RULES)
    assert left.stay is None
    assert told(left.case, News("decided", MONDAY_MS + 2 * DAY_MS), RULES).stay is not None


def test_a_correction_measures_nothing_neither_then_nor_when_its_stage_is_left() -> None:
    corrected = told(case_of("received"), News("checking", MONDAY_MS + DAY_MS, is_correction=True), RULES)
    assert corrected.stay is None
    assert told(corrected.case, News("deciding", MONDAY_MS + 2 * DAY_MS), RULES).stay is None


def test_a_case_that_goes_back_has_not_been_in_the_later_stages() -> None:
    case = told(case_of("received", "checking", "deciding"), News("checking", MONDAY_MS + 20 * DAY_MS), RULES).case
    assert dict(case.entered) == {"received": MONDAY_MS, "checking": MONDAY_MS + 20 * DAY_MS}


def test_a_case_survives_its_record() -> None:
    case = told(case_of("received", "checking"), News("checking", MONDAY_MS * 2, documents=("lease",)), RULES).case
    assert Case.from_json(case.to_json()) == case


def test_the_line_says_what_is_done_what_is_now_and_what_comes() -> None:
    steps = line(case_of("received", "checking"), RULES, {})
    assert [(s.stage.id, s.progress) for s in steps] == [
        ("received", Progress.DONE),
        ("checking", Progress.NOW),
        ("deciding", Progress.AHEAD),
        ("decided", Progress.AHEAD),
    ]
    assert [s.since_ms for s in steps] == [MONDAY_MS, MONDAY_MS + 7 * DAY_MS, None, None]


def test_of_several_ends_the_one_that_was_reached_is_shown() -> None:
    steps = line(case_of("received", "withdrawn"), RULES, {})
    assert [s.stage.id for s in steps] == ["received", "checking", "deciding", "withdrawn"]
    assert steps[-1].progress is Progress.NOW


def test_a_stage_that_the_office_no_longer_has_makes_no_line() -> None:
    assert line(replace(case_of("received"), stage="lost"), RULES, {}) == []


def test_a_line_has_the_usual_lengths_of_its_own_kind() -> None:
    lengths = {("first", "checking"): Usual(5, 9, 40), ("renewal", "checking"): Usual(1, 2, 40)}
    assert line(case_of("received"), RULES, lengths)[1].usual == Usual(5, 9, 40)


def test_of_too_few_cases_no_length_is_told() -> None:
    assert usual({3: FEWEST - 1}) is None
    assert usual({}) is None


def test_half_and_nine_of_ten_are_days_that_some_case_really_took() -> None:
    assert usual(dict.fromkeys(range(1, 11), 1)) == Usual(5, 9, 10)
    assert usual({2: 9, 30: 1}) == Usual(2, 2, 10)


@pytest.mark.parametrize(
    ("ms", "days"), [(0, 1), (1, 1), (DAY_MS, 1), (DAY_MS + 1, 2)], ids=["none", "moment", "day", "more"]
)
def test_days_are_rounded_up(ms: int, days: int) -> None:
    assert days_between(MONDAY_MS, MONDAY_MS + ms) == days


def test_an_ended_case_is_due_after_its_time_and_an_open_one_only_when_nobody_speaks_of_it() -> None:
    ended, going = case_of("received", "decided"), case_of("received", "checking")
    later_ms = MONDAY_MS + (7 + 90) * DAY_MS
    assert (ended.is_due(RULES, later_ms - 1), ended.is_due(RULES, later_ms)) == (False, True)
    assert not going.is_due(RULES, later_ms)
    assert going.is_due(RULES, MONDAY_MS + 407 * DAY_MS)


def test_words_that_the_office_does_not_know_are_named() -> None:
    news = News("chekcing", 0, kind="none", next_step="none", documents=("lease", "passport"))
    assert [(u.name, u.value) for u in unfit(news, RULES)] == [
        ("stage", "chekcing"),
        ("kind", "none"),
        ("next_step", "none"),
        ("documents_missing", "passport"),
    ]
    assert unfit(News("checking", 0, documents=("lease",)), RULES) == []
    assert unfit(News("lost", 0), RULES) == [Unfit("stage", "lost", tuple(RULES.stages))]
