"""Counts of what visitors said: whole weeks only, and nobody stands out."""

from datetime import date

import pytest

from queue_core.domain.model import ServiceId
from queue_core.domain.survey import OTHERS, Count, Question, Visit, Wait, is_kept, results, week_of

MONDAY = date(2030, 1, 14)
WEEK = "2030-01-07"
NEW, SHORT, THIRD = (ServiceId(s) for s in ("new", "short", "third"))


def said(service: ServiceId, n: int, week: str = WEEK, visit: Visit = Visit.GOOD) -> list[Count]:
    return [
        Count(week, service, Question.VISIT, visit, n),
        Count(week, service, Question.WAIT, Wait.AS_TOLD, n),
    ]


def shown(counts: list[Count], today: date = MONDAY, days: int = 28) -> list[tuple[str, int]]:
    return [(r.service, r.answers) for r in results(counts, today, days)]


def test_a_week_begins_on_monday() -> None:
    assert [week_of(date(2030, 1, day)) for day in (13, 14, 20, 21)] == [WEEK, "2030-01-14", "2030-01-14", "2030-01-21"]


def test_what_was_said() -> None:
    [result] = results([*said(NEW, 5), *said(NEW, 2, visit=Visit.POOR)], MONDAY, 28)
    assert (result.week, result.answers, result.visit[Visit.POOR], result.wait[Wait.AS_TOLD]) == (WEEK, 7, 2, 7)


@pytest.mark.parametrize(("n", "rows"), [(4, []), (5, [("new", 5)])])
def test_fewer_than_five_are_not_shown(n: int, rows: list[tuple[str, int]]) -> None:
    assert shown(said(NEW, n)) == rows


def test_services_with_few_answers_are_put_together() -> None:
    assert shown([*said(NEW, 9), *said(SHORT, 3), *said(THIRD, 2)]) == [("new", 9), (OTHERS, 5)]


def test_a_single_small_service_beside_a_large_one_stays_hidden() -> None:
    assert shown([*said(NEW, 9), *said(SHORT, 4)]) == [("new", 9)]


def test_a_running_week_is_not_shown() -> None:
    assert shown(said(NEW, 9), date(2030, 1, 13)) == []


def test_only_the_weeks_that_were_asked_for() -> None:
    counts = [*said(NEW, 6), *said(NEW, 8, "2029-12-31")]
    assert shown(counts, days=7) == [("new", 6), ("new", 8)]
    assert shown(counts, days=6) == [("new", 6)]


def test_weeks_of_more_than_a_year_ago_are_not_kept() -> None:
    assert [is_kept(week, MONDAY) for week in ("2029-01-08", "2029-01-01")] == [True, False]
