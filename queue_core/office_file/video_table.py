"""`[[site.video]]`; see `tables`."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from queue_core.domain.site import Video
from queue_core.office_file.device_values import YOUTUBE, MediaFile
from queue_core.office_file.values import Id, LanguageTag, SomeWords, Table, fault, table_fault

_CAPTIONS = ".vtt"
_HOUR_S = 3600


def _captions(value: str) -> str:
    if not value.endswith(_CAPTIONS):
        raise fault(f'{value!r} is no file with captions such as "welcome.de{_CAPTIONS}"')
    return value


Captions = Annotated[MediaFile, AfterValidator(_captions)]


class VideoTable(Table):
    id: Id
    title: SomeWords
    info: SomeWords | None = None
    file: MediaFile | None = None
    youtube: str | None = None
    poster: MediaFile | None = None
    length_s: int | None = Field(default=None, ge=1, le=12 * _HOUR_S)
    language: LanguageTag | None = None
    captions: dict[LanguageTag, Captions] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _from_one_place(self) -> Self:
        if bool(self.file) == bool(self.youtube):
            raise table_fault("a video is either a file of the folder media or one of YouTube")
        if self.youtube and not YOUTUBE.fullmatch(self.youtube):
            raise table_fault(f"{self.youtube!r} is no id of a video: the 11 characters after watch?v=")
        if self.youtube and self.captions:
            raise table_fault("captions of a YouTube video lie there")
        return self

    @property
    def video(self) -> Video:
        given = self.given("file", "youtube", "poster", "length_s", "language", "captions", "info")
        return Video(self.id, self.title, **given)
