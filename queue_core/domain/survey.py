"""What visitors say after the visit, as counts of a week, a service, a question, an answer: nobody's own are kept.

Counts are shown of weeks that are over, and only where so many have answered that none of them stands out.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from queue_core.domain.model import ServiceId

#: Fewer than so many answers together are not shown.
FEWEST = 5
WEEKS_KEPT = 53
_WEEK_DAYS = 7
#: Services that had too few answers of their own.
OTHERS = ServiceId("")


class Question(StrEnum):
    VISIT = "visit"
    WAIT = "wait"


class Visit(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Wait(StrEnum):
    """The wait, beside what was announced."""

    SHORTER = "shorter"
    AS_TOLD = "as_told"
    LONGER = "longer"


@dataclass(frozen=True, slots=True)
class Answer:
    visit: Visit
    wait: Wait


@dataclass(frozen=True, slots=True)
class Count:
    """`week` is its Monday, ISO."""

    week: str
    service: ServiceId
    question: Question
    answer: str
    n: int


@dataclass(frozen=True, slots=True)
class Result:
    """What was said of a service within a week; `service` is `OTHERS` for those put together."""

    week: str
    service: ServiceId
    answers: int
    visit: Mapping[Visit, int]
    wait: Mapping[Wait, int]


def week_of(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def is_kept(week: str, today: date) -> bool:
    return date.fromisoformat(week) >= today - timedelta(days=_WEEK_DAYS * WEEKS_KEPT)


def results(counts: Iterable[Count], today: date, days: int) -> list[Result]:
    """Of the weeks that ended within the last `days` days, the newest first."""
    weeks: dict[str, dict[ServiceId, list[Count]]] = {}
    for count in counts:
        ended = (today - date.fromisoformat(count.week)).days - _WEEK_DAYS
        if 0 <= ended <= days:
            weeks.setdefault(count.week, {}).setdefault(count.service, []).append(count)
    return [result for week in sorted(weeks, reverse=True) for result in _of_week(week, weeks[week])]


def _of_week(week: str, services: Mapping[ServiceId, list[Count]]) -> list[Result]:
    by_service = [_result(week, service, counts) for service, counts in sorted(services.items())]
    shown = [result for result in by_service if result.answers >= FEWEST]
    few = {result.service for result in by_service if result.answers < FEWEST}
    others = _result(week, OTHERS, [c for service in few for c in services[service]])
    return [*shown, others] if others.answers >= FEWEST else shown


def _result(week: str, service: ServiceId, counts: list[Count]) -> Result:
    said: Tally[tuple[Question, str]] = Tally()
    for count in counts:
        said[count.question, count.answer] += count.n
    visit = {answer: said[Question.VISIT, answer] for answer in Visit}
    return Result(week, service, sum(visit.values()), visit, {answer: said[Question.WAIT, answer] for answer in Wait})
