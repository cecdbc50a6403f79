"""The tables of an office's files as their authors write them: one model a table, all lengths with their unit.

Nothing is read but what stands here: an unknown key is a fault. A default that the domain knows is left to it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from holidays import HolidayBase, country_holidays, list_supported_countries
from pydantic import BeforeValidator, Field, model_validator

from queue_core.domain.model import SeriesId
from queue_core.domain.office import Arrow, MissedReturn, Series, Text
from queue_core.domain.publisher import License
from queue_core.office_file.appointments_table import AppointmentsTable
from queue_core.office_file.case_table import CasesTable
from queue_core.office_file.device_tables import DisplayTable, KioskTable
from queue_core.office_file.hours_table import HoursTable
from queue_core.office_file.publisher_tables import AddressTable, PublisherTable
from queue_core.office_file.remote_table import RemoteTable, SurveyTable
from queue_core.office_file.values import (
    ClassName,
    Clock,
    CounterServices,
    HeadStart,
    Id,
    Ids,
    Languages,
    Offset,
    Prefix,
    SeriesName,
    ServiceName,
    ServiceNames,
    Several,
    SomeWords,
    Table,
    TimeZoneName,
    Words,
    one_of,
    table_fault,
)
from queue_core.office_file.video_table import VideoTable
from queue_core.spelling import nearest


class HolidaysTable(Table):
    country: str
    subdivision: str | None = None

    def days(self, years: Iterable[int]) -> frozenset[date]:
        return frozenset(self._found(years))

    def names(self, years: Iterable[int], languages: Iterable[str]) -> dict[date, Text]:
        """In the country's own language, and in those of `languages` that are known."""
        own = self._found(()).default_language or ""
        spoken = {of.partition("_")[0]: of for of in (*self._found(()).supported_languages, own) if of}
        wanted = [language for language in spoken if language in {*languages, own.partition("_")[0]}]
        names: dict[date, Text] = {}
        for language in wanted:
            for day, name in self._found(years, spoken[language]).items():
                names[day] = {**names.get(day, {}), language: name}
        return names

    def _found(self, years: Iterable[int], language: str | None = None) -> HolidayBase:
        return country_holidays(self.country, subdiv=self.subdivision, years=years, language=language)

    @model_validator(mode="after")
    def _computable(self) -> Self:
        try:
            country_holidays(self.country, subdiv=self.subdivision)
        except NotImplementedError:
            known = list_supported_countries()
            if self.country not in known:
                raise table_fault(
                    f"no holidays are known for country {self.country!r}", nearest(self.country, known)
                ) from None
            message = f"no holidays are known for subdivision {self.subdivision!r} of {self.country}"
            raise table_fault(message, nearest(str(self.subdivision), known[self.country])) from None
        return self


class SiteTable(Table):
    name: Words
    languages: Languages
    time_zone: TimeZoneName | None = None
    holidays: HolidaysTable | None = None
    imprint: Words | None = None
    privacy: Words | None = None
    accessibility: Words | None = None
    license: Annotated[License, BeforeValidator(one_of(License))] | None = None
    publisher: PublisherTable | None = None
    address: AddressTable | None = None
    arbitration: SomeWords | None = None
    easy: SomeWords | None = None
    video: Several[VideoTable]
    cases: CasesTable | None = None

    @model_validator(mode="after")
    def _every_video_once(self) -> Self:
        ids = [video.id for video in self.video]
        if twice := next((id_ for n, id_ in enumerate(ids) if id_ in ids[:n]), None):
            raise table_fault(f"video {twice!r} stands there twice")
        return self


class ZoneTable(Table):
    id: Id
    name: Words
    address: AddressTable | None = None
    languages: Languages | None = None
    time_zone: TimeZoneName | None = None
    day_starts: Clock | None = None
    kiosks: Ids | None = None
    displays: Ids | None = None


class SeriesTable(Table):
    id: Id
    prefix: Prefix
    first: int | None = Field(default=None, ge=0)
    last: int | None = Field(default=None, ge=0, le=99_999)
    digits: int | None = Field(default=None, ge=1, le=5)

    @property
    def series(self) -> Series:
        return Series(SeriesId(self.id), self.prefix, **self.given("first", "last", "digits"))

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        series = self.series
        if series.first > series.last:
            raise table_fault(f"first ({series.first}) is larger than last ({series.last})")
        if len(str(series.last)) > series.digits:
            raise table_fault(f"last ({series.last}) has more than {series.digits} digits")
        return self


class ClassTable(Table):
    id: Id
    name: Words
    head_start_minutes: HeadStart = 0


class ServiceTable(Table):
    id: Id
    name: Words
    info: Words | None = None
    series: SeriesName
    visit_minutes: float | None = Field(default=None, gt=0, le=480, allow_inf_nan=False)
    quota: int | None = Field(default=None, ge=0)
    head_start_minutes: dict[ClassName, HeadStart] = Field(default_factory=dict)
    hours: HoursTable | None = None


class CounterTable(Table):
    id: Id
    name: Words
    way: Words | None = None
    arrow: Annotated[Arrow, BeforeValidator(one_of(Arrow))] | None = None
    floor: Words | None = None
    room: Words | None = None
    services: CounterServices
    offset_minutes: dict[ServiceName, Offset] = Field(default_factory=dict)


class ChoiceTable(Table):
    """Something to choose from at a desk."""

    id: Id
    name: Words


class TopicTable(Table):
    id: Id
    name: Words
    services: ServiceNames


class RulesTable(Table):
    recall_pause_s: int | None = Field(default=None, ge=0, le=300)
    recalls_most: int | None = Field(default=None, ge=0, le=20)
    undo_s: int | None = Field(default=None, ge=0, le=30)
    return_after_minutes: int | None = Field(default=None, ge=1, le=240)
    booking_earliest_minutes: int | None = Field(default=None, ge=0, le=24 * 60)
    booking_lead_minutes: int | None = Field(default=None, ge=0, le=120)
    booking_grace_minutes: int | None = Field(default=None, ge=0, le=120)
    counters_may_pick: bool | None = None
    missed_return: Annotated[MissedReturn, BeforeValidator(one_of(MissedReturn))] | None = None
    missed_return_minutes: int | None = Field(default=None, ge=1, le=480)
    delay_minutes: int | None = Field(default=None, ge=1, le=120)
    delays_most: int | None = Field(default=None, ge=0, le=10)


class ZoneFile(Table):
    """What describes a zone; `[site]` may stand in the same file."""

    zone: ZoneTable
    hours: HoursTable
    series: list[SeriesTable] = Field(min_length=1)
    classes: list[ClassTable] = Field(min_length=1, alias="class")
    service: list[ServiceTable] = Field(min_length=1)
    counter: list[CounterTable] = Field(min_length=1)
    rules: RulesTable = RulesTable()
    appointments: AppointmentsTable | None = None
    remote: RemoteTable | None = None
    survey: SurveyTable | None = None
    topic: Several[TopicTable]
    outcome: Several[ChoiceTable]
    park_reason: Several[ChoiceTable]
    pause_reason: Several[ChoiceTable]
    kiosk: Several[KioskTable]
    display: Several[DisplayTable]
