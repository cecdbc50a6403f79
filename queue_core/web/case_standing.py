"""How a case stands, as citizens and staff are shown it: the same words for both (`_case.html`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import orjson

from queue_core.domain.cases import Case, CaseRules, Progress, Step, days_between, line
from queue_core.domain.office import Text, Zone
from queue_core.web.frame import Frame

_TAG_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Standing:
    """`steps` is empty where the office no longer has the stage. `tag` changes with whatever is told of the case."""

    kind: Text
    steps: Sequence[Step]
    then: Text
    documents: Sequence[Text]
    days: int
    ended: bool
    late: bool
    since_ms: int
    updated_ms: int
    now_ms: int
    zone: Zone
    tag: str

    @property
    def now(self) -> Step:
        return next(step for step in self.steps if step.progress is Progress.NOW)


async def standing(frame: Frame, case: Case) -> Standing:
    work = frame.cases.work
    rules, now_ms = work.rules, work.now_ms()
    steps = line(case, rules, await work.lengths())
    days = days_between(case.since_ms, max(now_ms, case.since_ms))
    return Standing(
        kind=rules.kinds.get(case.kind, {}),
        steps=steps,
        then=_then(case, rules),
        documents=[rules.documents[document] for document in case.documents if document in rules.documents],
        days=days,
        ended=rules.ends(case.stage),
        late=not rules.ends(case.stage) and _is_late(steps, days),
        since_ms=case.since_ms,
        updated_ms=case.updated_ms,
        now_ms=now_ms,
        zone=next(iter(frame.engine.office.values())),
        tag=_tag(case.to_json(), days),
    )


def _then(case: Case, rules: CaseRules) -> Text:
    if case.next_step in rules.steps:
        return rules.steps[case.next_step]
    return rules.stages[case.stage].then if case.stage in rules.stages else {}


def _is_late(steps: Sequence[Step], days: int) -> bool:
    return any(s.progress is Progress.NOW and s.usual is not None and days > s.usual.most_days for s in steps)


def _tag(record: Mapping[str, object], days: int) -> str:
    told = orjson.dumps([record, days], option=orjson.OPT_SORT_KEYS)
    return sha256(told).hexdigest()[:_TAG_CHARACTERS]
