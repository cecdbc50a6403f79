"""Where an application stands: the stages of this office, one case, and what news do to it. Pure.

A case has no name and no number here: who keeps it knows it by a key. Times are UTC ms; lengths of stages are whole
days, rounded up, because more would tell one case from another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil
from typing import Any

from queue_core.domain.office import Text

DAY_MS = 24 * 3_600_000
#: Of fewer nothing is told: the length would be that of somebody's case.
FEWEST = 10
#: Clocks of case systems may be ahead of ours by so much.
_CLOCKS_APART_MS = 300_000
_NINE_OF_TEN = 0.9
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Stage:
    """`then` says what happens next. A case that reaches a stage which `ends` is closed."""

    id: str
    name: Text
    then: Text
    ends: bool = False


@dataclass(frozen=True, slots=True)
class CaseRules:
    """Stages in their order; kinds, next steps and documents by id. Without stages no case is known here."""

    stages: Mapping[str, Stage] = field(default_factory=dict)
    kinds: Mapping[str, Text] = field(default_factory=dict)
    steps: Mapping[str, Text] = field(default_factory=dict)
    documents: Mapping[str, Text] = field(default_factory=dict)
    kept_days: int = 90
    silent_days: int = 730

    @property
    def default_kind(self) -> str:
        return next(iter(self.kinds), "")

    @property
    def first_stage(self) -> str:
        return next(iter(self.stages), "")

    def place(self, stage: str) -> int:
        return list(self.stages).index(stage) if stage in self.stages else -1

    def ends(self, stage: str) -> bool:
        return stage in self.stages and self.stages[stage].ends


@dataclass(frozen=True, slots=True)
class Case:
    """`entered`: stage -> since when, as far as known. `measured`: its stage's beginning is really known."""

    kind: str
    stage: str
    updated_ms: int
    entered: Mapping[str, int]
    next_step: str = ""
    documents: tuple[str, ...] = ()
    measured: bool = False

    @property
    def since_ms(self) -> int:
        return self.entered.get(self.stage, self.updated_ms)

    def is_due(self, rules: CaseRules, now_ms: int) -> bool:
        """Ended long enough ago, or nobody has said anything about it for very long."""
        ended = rules.ends(self.stage) and now_ms - self.since_ms >= rules.kept_days * DAY_MS
        return ended or now_ms - self.updated_ms >= rules.silent_days * DAY_MS

    def is_news_after(self, before: "Case") -> bool:
        """Whoever waits for it reads something else than before."""
        return (self.stage, self.next_step, self.documents) != (before.stage, before.next_step, before.documents)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stage": self.stage,
            "updated_ms": self.updated_ms,
            "entered": dict(self.entered),
            "next_step": self.next_step,
            "documents": list(self.documents),
            "measured": self.measured,
        }

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> "Case":
        return Case(**{**record, "documents": tuple(record["documents"])})


class Effect(StrEnum):
    """What became of news. `outdated`: newer ones were there already."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class News:
    """How a case stands from `at_ms` on. No kind: as before. `is_correction`: by a person, who knows no beginnings."""

    stage: str
    at_ms: int
    kind: str = ""
    next_step: str = ""
    documents: tuple[str, ...] = ()
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a case was in a stage: no case's key, the day alone on which it left."""

    kind: str
    stage: str
    days: int
    left_ms: int


@dataclass(frozen=True, slots=True)
class Told:
    case: Case
    effect: Effect
    stay: Stay | None = None


def told(case: Case | None, news: News, rules: CaseRules) -> Told:
    """What the news make of the case; older ones than are known change nothing."""
    if case is None:
        return Told(_created(news, rules), Effect.CREATED)
    if news.at_ms < case.updated_ms:
        return Told(case, Effect.OUTDATED)
    moved = news.stage != case.stage
    after = replace(
        case,
        kind=news.kind or case.kind,
        stage=news.stage,
        updated_ms=news.at_ms,
        entered=_entered(case, news, rules) if moved else case.entered,
        next_step=news.next_step,
        documents=news.documents,
        measured=not news.is_correction if moved else case.measured,
    )
    stay = _stay(case, news) if moved and case.measured and not news.is_correction else None
    return Told(after, Effect.UNCHANGED if after == case else Effect.CHANGED, stay)


def _created(news: News, rules: CaseRules) -> Case:
    """Of a case that is already further nobody knows when its stage began."""
    return Case(
        kind=news.kind or rules.default_kind,
        stage=news.stage,
        updated_ms=news.at_ms,
        entered={news.stage: news.at_ms},
        next_step=news.next_step,
        documents=news.documents,
        measured=news.stage == rules.first_stage and not news.is_correction,
    )


def _entered(case: Case, news: News, rules: CaseRules) -> dict[str, int]:
    """A case that goes back has not been in the later stages yet."""
    place = rules.place(news.stage)
    return {**{s: at for s, at in case.entered.items() if rules.place(s) < place}, news.stage: news.at_ms}


def _stay(case: Case, news: News) -> Stay:
    return Stay(case.kind, case.stage, days_between(case.since_ms, news.at_ms), news.at_ms)


def days_between(from_ms: int, to_ms: int) -> int:
    """Rounded up; the same day is one."""
    return max(1, -(-(to_ms - from_ms) // DAY_MS))


@dataclass(frozen=True, slots=True)
class Usual:
    """How long a stage took: half of the cases and nine of ten needed at most so many days."""

    half_days: int
    most_days: int
    cases: int


def usual(stays: Mapping[int, int]) -> Usual | None:
    """Of days -> how many cases; nothing where too few are known."""
    cases = sum(stays.values())
    if cases < FEWEST:
        return None
    ordered = [days for days, count in sorted(stays.items()) for _ in range(count)]
    return Usual(_rank(ordered, _HALF), _rank(ordered, _NINE_OF_TEN), cases)


def _rank(ordered: Sequence[int], share: float) -> int:
    """The smallest value that this share does not exceed."""
    return ordered[ceil(share * len(ordered)) - 1]


class Progress(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the line on which a case goes. `since_ms` where known."""

    stage: Stage
    progress: Progress
    since_ms: int | None = None
    usual: Usual | None = None


def line(case: Case, rules: CaseRules, lengths: Mapping[tuple[str, str], Usual]) -> list[Step]:
    """Every stage in order; of those that end a case the one it reached, else the first. Empty for a case in a stage
    that the office no longer has."""
    if case.stage not in rules.stages:
        return []
    ends = [stage.id for stage in rules.stages.values() if stage.ends]
    end = case.stage if rules.ends(case.stage) else next(iter(ends), "")
    way = [stage for stage in rules.stages.values() if not stage.ends or stage.id == end]
    place = rules.place(case.stage)
    return [
        Step(s, _progress(rules.place(s.id), place), case.entered.get(s.id), lengths.get((case.kind, s.id)))
        for s in sorted(way, key=lambda stage: (stage.ends, rules.place(stage.id)))
    ]


def _progress(place: int, reached: int) -> Progress:
    if place == reached:
        return Progress.NOW
    return Progress.DONE if place < reached else Progress.AHEAD


@dataclass(frozen=True, slots=True)
class Unfit:
    """A word of news that this office does not know."""

    name: str
    value: str
    known: tuple[str, ...]


def unfit(news: News, rules: CaseRules) -> list[Unfit]:
    asked: list[tuple[str, str, Iterable[str]]] = [("stage", news.stage, rules.stages)]
    asked += [("kind", news.kind, rules.kinds)] if news.kind else []
    asked += [("next_step", news.next_step, rules.steps)] if news.next_step else []
    asked += [("documents_missing", document, rules.documents) for document in news.documents]
    return [Unfit(name, value, tuple(known)) for name, value, known in asked if value not in known]


def is_ahead(news: News, now_ms: int) -> bool:
    """From a clock that is wrong: it would go before all that is said until then."""
    return news.at_ms > now_ms + _CLOCKS_APART_MS
