"""The site: what all zones of an office share, as configured. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from queue_core.domain.cases import CaseRules
from queue_core.domain.office import Office, Text
from queue_core.domain.publisher import License, Publisher


@dataclass(frozen=True, slots=True)
class Video:
    """`file` (and `poster`, and `captions` by language) lie in the office's folder `media/`; without a file `youtube`
    names a video there. `language` is the spoken one. `id` stands in addresses."""

    id: str
    title: Text
    file: str = ""
    youtube: str = ""
    poster: str = ""
    length_s: int = 0
    language: str = ""
    captions: Mapping[str, str] = field(default_factory=dict)
    info: Text = field(default_factory=dict)

    @property
    def files(self) -> frozenset[str]:
        return frozenset({self.file, self.poster, *self.captions.values()} - {""})


@dataclass(frozen=True, slots=True)
class Site:
    """`imprint`, `privacy` and `accessibility` are what the law wants on a public page, `arbitration` names the body
    that decides where people find no agreement about the last, `easy` is in easy language; empty where not given.
    `holidays` are the public ones, with their names."""

    name: Text
    languages: tuple[str, ...]
    imprint: Text = field(default_factory=dict)
    privacy: Text = field(default_factory=dict)
    accessibility: Text = field(default_factory=dict)
    arbitration: Text = field(default_factory=dict)
    easy: Text = field(default_factory=dict)
    videos: tuple[Video, ...] = ()
    license: License = License.DL_DE_BY
    publisher: Publisher | None = None
    cases: CaseRules = field(default_factory=CaseRules)
    holidays: Mapping[date, Text] = field(default_factory=dict)


def plain_site(office: Office) -> Site:
    """What is known where nothing is configured: the first zone's."""
    first = next(iter(office.values()))
    return Site(first.site, first.languages)
