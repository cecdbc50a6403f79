"""Applications of a demo: some with number and PIN to look at, and enough that ended before to say what is usual. Pure.

Their numbers and PINs are known to everybody. Nothing but the demo makes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from queue_core.domain.cases import DAY_MS, FEWEST, CaseRules

_ENDED = FEWEST + 5
_DAYS_LEAST, _DAYS_MOST = 2, 12
_BEGUN_DAYS_AGO = 80
_FIRST_NUMBER, _FIRST_PIN, _PINS_APART = 1001, 24_680, 1_111
_MISSING_MOST = 2


@dataclass(frozen=True, slots=True)
class Example:
    """To be looked at: what a letter would say, and the stage in which it is."""

    number: str
    pin: str
    stage: str


def examples(rules: CaseRules) -> list[Example]:
    """One in each stage."""
    return [
        Example(f"DEMO-{_FIRST_NUMBER + n}", str(_FIRST_PIN + n * _PINS_APART), stage)
        for n, stage in enumerate(rules.stages)
    ]


def history(rules: CaseRules, now_ms: int, seed: int) -> list[list[dict[str, Any]]]:
    """Pushes one after the other: those that ended before, stage by stage, then the examples. Told again they change
    nothing on the same day."""
    chances, today_ms = Random(seed), now_ms - now_ms % DAY_MS
    begins = [today_ms - (_BEGUN_DAYS_AGO - n) * DAY_MS for n in range(_ENDED)]
    pushes = []
    for stage in _way(rules):
        pushes.append([_news(f"DEMO-E{n:03}", stage, at_ms) for n, at_ms in enumerate(begins)])
        begins = [at_ms + chances.randint(_DAYS_LEAST, _DAYS_MOST) * DAY_MS for at_ms in begins]
    return [*pushes, *_examples(rules, today_ms)]


def _examples(rules: CaseRules, today_ms: int) -> Iterator[list[dict[str, Any]]]:
    """Each has come to its stage by those before it; the one now in the second misses documents."""
    for example in examples(rules):
        reached = [stage for stage in _way(rules) if stage != example.stage and not rules.ends(stage)]
        if not rules.ends(example.stage):
            reached = reached[: rules.place(example.stage)]
        for n, stage in enumerate([*reached, example.stage]):
            at_ms = today_ms - 5 * (len(reached) + 1 - n) * DAY_MS
            waits = stage == example.stage == second(rules)
            yield [_news(example.number, stage, at_ms) | {"pin": example.pin} | (waiting(rules) if waits else {})]


def second(rules: CaseRules) -> str:
    """In which documents are missing."""
    return list(rules.stages)[1]


def waiting(rules: CaseRules) -> dict[str, Any]:
    """What such a case says more."""
    told = {"documents_missing": list(rules.documents)[:_MISSING_MOST]}
    return told | ({"next_step": next(iter(rules.steps))} if rules.steps else {})


def turn(rules: CaseRules, now_ms: int, n: int) -> dict[str, Any]:
    """Something new of an example, again and again: what was missing has come, then more is asked for."""
    example = next(each for each in examples(rules) if each.stage == second(rules))
    return _news(example.number, example.stage, now_ms) | (waiting(rules) if n % 2 else {})


def _way(rules: CaseRules) -> list[str]:
    """To the first end."""
    end = next(stage for stage in rules.stages if rules.ends(stage))
    return [*(stage for stage in rules.stages if not rules.ends(stage)), end]


def _news(number: str, stage: str, at_ms: int) -> dict[str, Any]:
    return {"case": number, "stage": stage, "updated_at": datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()}
