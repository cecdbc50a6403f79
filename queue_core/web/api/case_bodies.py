"""What is asked and answered about cases: the bodies of `queue_core.web.api.cases`."""

from typing import Annotated

from pydantic import Field, StringConstraints

from queue_core.domain.case_number import NUMBER_LEAST, PIN_LEAST, TYPED_MOST
from queue_core.domain.cases import Effect
from queue_core.web.api import requests as asked
from queue_core.web.api.replies import Reply

PUSHED_MOST = 300
DOCUMENTS_MOST = 20

Number = Annotated[
    str,
    StringConstraints(min_length=NUMBER_LEAST, max_length=TYPED_MOST),
    Field(description="As in the letter. Spaces, hyphens, slashes and dots do not count, nor do small letters."),
]
Ids = Annotated[list[asked.Id], Field(max_length=DOCUMENTS_MOST)]


class CaseNews(asked.Request):
    """All ids are those of the office's files."""

    case: Number
    pin: str | None = Field(
        default=None,
        min_length=PIN_LEAST,
        max_length=TYPED_MOST,
        description="5 to 12 letters and digits, as in the letter. Without it the case keeps the one that it has.",
    )
    kind: asked.Id | None = Field(default=None, description="Without it as before, or the office's first.")
    stage: asked.Id
    updated_at: asked.Moment = Field(description="News older than those that are known change nothing.")
    next_step: asked.Id | None = None
    documents_missing: Ids = Field(default_factory=list)


class PushCases(asked.Request):
    cases: list[CaseNews] = Field(min_length=1, max_length=PUSHED_MOST)


class FindCase(asked.Request):
    case: Number


class CorrectCase(asked.Request):
    """As it shall stand from now on: what is left out is empty."""

    case: Number
    stage: asked.Id
    next_step: asked.Id | None = None
    documents_missing: Ids = Field(default_factory=list)


class PushReply(Reply):
    effects: list[Effect] = Field(description="One for each case, in the order of the request.")


class CaseRecord(Reply):
    kind: str
    stage: str
    ended: bool
    since: str
    updated_at: str
    next_step: str | None
    documents_missing: list[str]


class CaseReply(Reply):
    case: CaseRecord


class ErasedReply(Reply):
    erased: bool


class UsualReply(Reply):
    half_days: int
    nine_of_ten_days: int
    cases: int


class StageCount(Reply):
    """`usual`: of the last 180 days; null where fewer than ten cases are known."""

    kind: str
    stage: str
    cases: int
    usual: UsualReply | None


class CaseCounts(Reply):
    counts: list[StageCount]
