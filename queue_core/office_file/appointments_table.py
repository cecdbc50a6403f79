"""`[appointments]` of a zone's file: what can be booked, and how much of the capacity is for it."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from queue_core.domain.model import ClassId, ServiceId
from queue_core.domain.office import Appointments, Hours
from queue_core.domain.slots import SLOT_MOST_MINUTES
from queue_core.office_file.hours_table import HoursTable, hours_of
from queue_core.office_file.values import ClassName, ServiceName, ServiceNames, Table, table_fault

DAYS_AHEAD_MOST = 366


class AppointmentsTable(Table):
    services: ServiceNames
    visitor_class: ClassName | None = Field(default=None, alias="class")
    days_ahead: int | None = Field(default=None, ge=0, le=DAYS_AHEAD_MOST)
    notice_minutes: int | None = Field(default=None, ge=0, le=7 * 24 * 60)
    hold_minutes: int | None = Field(default=None, ge=1, le=60)
    changes_most: int | None = Field(default=None, ge=0, le=100)
    share_percent: int | None = Field(default=None, ge=1, le=100)
    counters: int | None = Field(default=None, ge=1, le=1000)
    slot_minutes: dict[ServiceName, int] = Field(default_factory=dict)
    per_slot: dict[ServiceName, int] = Field(default_factory=dict)
    hours: HoursTable | None = None

    @model_validator(mode="after")
    def _of_its_services(self) -> Self:
        for key, most in (("slot_minutes", SLOT_MOST_MINUTES), ("per_slot", 1000)):
            for service, value in getattr(self, key).items():
                if service not in self.services:
                    raise table_fault(f"{key} names {service!r}, which stands not among services")
                if not 1 <= value <= most:
                    raise table_fault(f"{key} of {service!r} is 1 to {most}, not {value}")
        return self


def appointments_of(table: AppointmentsTable, first_class: str, holidays: Iterable[date]) -> Appointments:
    given = table.given("days_ahead", "changes_most", "counters")
    minutes = table.given("notice_minutes", "hold_minutes")
    given |= {f"{name.removesuffix('_minutes')}_s": 60 * value for name, value in minutes.items()}
    if table.share_percent is not None:
        given["share"] = table.share_percent / 100
    own: Hours | None = hours_of(table.hours, frozenset(holidays)) if table.hours else None
    return Appointments(
        services=tuple(map(ServiceId, table.services)),
        visitor_class=ClassId(table.visitor_class or first_class),
        slot_s={ServiceId(s): 60 * minutes for s, minutes in table.slot_minutes.items()},
        per_slot={ServiceId(s): places for s, places in table.per_slot.items()},
        hours=own,
        **given,
    )
