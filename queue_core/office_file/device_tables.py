"""`[[kiosk]]` and `[[display]]` of a zone's file; see `tables`."""

from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from queue_core.domain.devices import (
    DisplayPlace,
    KioskPlace,
    Medium,
    MediumKind,
    NearClosing,
    Notice,
    PrinterPlace,
    Theme,
    VoicePlace,
)
from queue_core.domain.model import CounterId, SeriesId, ServiceId, ZoneId
from queue_core.office_file.device_values import (
    YOUTUBE,
    Blank,
    Colour,
    MediaFile,
    Pin,
    PrinterAddress,
    ScreenInches,
    Volumes,
    page_address,
)
from queue_core.office_file.values import (
    Id,
    Ids,
    Languages,
    SeriesName,
    Several,
    SomeWords,
    Table,
    one_of,
    table_fault,
)

_VOICES_MOST = 3


class PrinterTable(Table):
    address: PrinterAddress
    width_dots: int | None = Field(default=None, ge=200, le=1200)
    logo: MediaFile | None = None
    head: SomeWords | None = None
    foot: SomeWords | None = None

    @property
    def place(self) -> PrinterPlace:
        return PrinterPlace(self.address, **self.given("width_dots", "logo", "head", "foot"))


class KioskTable(Table):
    id: Id
    zones: Ids | None = None
    languages: Languages | None = None
    screen_inches: ScreenInches | None = None
    pin: Pin | None = None
    speaks: bool | None = None
    idle_s: int | None = Field(default=None, ge=20, le=600)
    near_closing: Annotated[NearClosing, BeforeValidator(one_of(NearClosing))] | None = None
    printer: PrinterTable | None = None
    emergency_series: SeriesName | None = None
    emergency_block: int | None = Field(default=None, ge=5, le=500)

    def place(self, zone: ZoneId) -> KioskPlace:
        given = self.given("screen_inches", "pin", "speaks", "idle_s", "near_closing", "emergency_block")
        if self.emergency_series:
            given["emergency_series"] = SeriesId(self.emergency_series)
        printer = self.printer.place if self.printer else None
        return KioskPlace(self.id, _zones(zone, self.zones), tuple(self.languages or ()), printer=printer, **given)


class VoiceTable(Table):
    languages: Annotated[Languages, Field(max_length=_VOICES_MOST)] | None = None
    on: bool | None = None
    gong: bool | None = None
    merge_beyond: int | None = Field(default=None, ge=1, le=20)
    age_most_s: int | None = Field(default=None, ge=5, le=600)
    volumes: Volumes | None = None

    @property
    def place(self) -> VoicePlace:
        given = self.given("on", "gong", "merge_beyond", "age_most_s", "volumes")
        return VoicePlace(languages=tuple(self.languages or ()), **given)


class NoticeTable(Table):
    text: SomeWords
    begins: date | None = None
    ends: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins and self.ends and self.begins > self.ends:
            raise table_fault(f"the notice ends ({self.ends}) before it begins ({self.begins})")
        return self


class MediumTable(Table):
    kind: Annotated[MediumKind, BeforeValidator(one_of(MediumKind))]
    source: str = ""
    seconds: int | None = Field(default=None, ge=5, le=3600)
    text: SomeWords | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind is MediumKind.VIDEOS:
            return self._names_nothing()
        if not self.source:
            raise table_fault(f"a medium of the kind {self.kind.value} needs a source")
        if self.kind is MediumKind.PAGE and not page_address(self.source):
            raise table_fault(f"{self.source!r} is no address of a page, such as https://www.example.de/")
        if self.kind is MediumKind.YOUTUBE and not YOUTUBE.fullmatch(self.source):
            raise table_fault(f"{self.source!r} is no id of a video: the 11 characters after watch?v=")
        return self

    def _names_nothing(self) -> Self:
        if self.source or self.text or self.seconds:
            raise table_fault("videos are those of [[site.video]], titles and lengths too: say the kind alone")
        return self

    @property
    def medium(self) -> Medium:
        return Medium(self.kind, self.source, **self.given("seconds", "text"))


class DisplayTable(Table):
    id: Id
    zones: Ids | None = None
    services: Ids | None = None
    counters: Ids | None = None
    languages: Languages | None = None
    theme: Annotated[Theme, BeforeValidator(one_of(Theme))] | None = None
    columns: int | None = Field(default=None, ge=1, le=2)
    lines: int | None = Field(default=None, ge=4, le=8)
    waits: bool | None = None
    distance_m: float | None = Field(default=None, ge=0.5, le=50, allow_inf_nan=False)
    screen_inches: ScreenInches | None = None
    shift_minutes: int | None = Field(default=None, ge=0, le=120)
    blank: Blank | None = None
    accent: Colour | None = None
    logo: MediaFile | None = None
    ticker: SomeWords | None = None
    notice: Several[NoticeTable]
    medium: Several[MediumTable]
    youtube: bool | None = None
    voice: VoiceTable | None = None

    def place(self, zone: ZoneId) -> DisplayPlace:
        blank_from, blank_to = self.blank or (None, None)
        return DisplayPlace(
            self.id,
            _zones(zone, self.zones),
            services=tuple(map(ServiceId, self.services or ())),
            counters=tuple(map(CounterId, self.counters or ())),
            languages=tuple(self.languages or ()),
            blank_from=blank_from,
            blank_to=blank_to,
            notices=tuple(Notice(n.text, n.begins, n.ends) for n in self.notice),
            media=tuple(m.medium for m in self.medium),
            voice=self.voice.place if self.voice else VoicePlace(),
            **self.given("theme", "columns", "lines", "waits", "distance_m", "screen_inches", "shift_minutes"),
            **self.given("accent", "logo", "ticker", "youtube"),
        )

    @model_validator(mode="after")
    def _texts_in_its_languages(self) -> Self:
        texts = [
            ("ticker", self.ticker),
            *(("notice", n.text) for n in self.notice),
            *(("medium", m.text) for m in self.medium),
        ]
        for key, words in texts:
            missing = [language for language in self.languages or () if words and not words.get(language, "").strip()]
            if missing:
                raise table_fault(f"{key}: the text is missing in: {', '.join(missing)}, which this wall shows")
        return self

    @model_validator(mode="after")
    def _youtube_is_allowed(self) -> Self:
        if not self.youtube and any(m.kind is MediumKind.YOUTUBE for m in self.medium):
            raise table_fault("a wall asks YouTube for this video: say youtube = true if you want that")
        return self


def _zones(zone: ZoneId, further: list[str] | None) -> tuple[ZoneId, ...]:
    return (zone, *(ZoneId(other) for other in further or () if other != zone))
