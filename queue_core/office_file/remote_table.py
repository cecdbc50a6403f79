"""`[remote]` and `[survey]` of a zone's file: numbers drawn from elsewhere, and two questions after the visit."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from queue_core.domain.model import ServiceId
from queue_core.domain.office import Proof, Remote, Survey
from queue_core.office_file.hours_table import HoursTable, hours_of
from queue_core.office_file.values import ServiceName, Table, Words, one_of


class RemoteTable(Table):
    services: list[ServiceName] = Field(default_factory=list)
    confirm_minutes: int | None = Field(default=None, ge=1, le=240)
    open_most: int | None = Field(default=None, ge=1, le=500)
    day_most: int | None = Field(default=None, ge=1, le=100_000)
    of_address: int | None = Field(default=None, ge=1, le=1000)
    shortest_wait_minutes: int | None = Field(default=None, ge=0, le=240)
    proof: Annotated[Proof, BeforeValidator(one_of(Proof))] | None = None
    hours: HoursTable | None = None


class SurveyTable(Table):
    question: Words | None = None

    @property
    def survey(self) -> Survey:
        return Survey(**self.given("question"))


def remote_of(table: RemoteTable, holidays: Iterable[date]) -> Remote:
    given = table.given("open_most", "day_most", "of_address", "proof")
    minutes = table.given("confirm_minutes", "shortest_wait_minutes")
    given |= {f"{name.removesuffix('_minutes')}_s": 60 * value for name, value in minutes.items()}
    own = hours_of(table.hours, frozenset(holidays)) if table.hours else None
    return Remote(services=tuple(map(ServiceId, table.services)), hours=own, **given)
