"""Opening hours as they are written: of a zone, of a service, of its appointments."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from queue_core.domain.office import WEEKDAYS, Hours, Interval
from queue_core.office_file.values import Intervals, Openings, Several, SpecialDay, Table, table_fault


class HoursTable(Table):
    always: bool = False
    mon: Openings
    tue: Openings
    wed: Openings
    thu: Openings
    fri: Openings
    sat: Openings
    sun: Openings
    closed_on_holidays: bool = True
    closed_on: Several[date]
    extra: dict[SpecialDay, Intervals] = Field(default_factory=dict)

    @property
    def week(self) -> dict[str, tuple[Interval, ...]]:
        return {day: tuple(getattr(self, day)) for day in WEEKDAYS if getattr(self, day)}

    @model_validator(mode="after")
    def _always_alone(self) -> Self:
        if self.always and len(self.model_fields_set) > 1:
            raise table_fault("hours are either always or listed, not both")
        return self


def hours_of(table: HoursTable, holidays: frozenset[date]) -> Hours:
    return Hours(
        always=table.always,
        week={} if table.always else table.week,
        closed_on=frozenset(table.closed_on) | (holidays if table.closed_on_holidays and not table.always else set()),
        extra={day: tuple(openings) for day, openings in table.extra.items()},
    )
