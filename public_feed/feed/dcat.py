"""The record by which portals of open data find the feed: DCAT-AP.de 3.0, as JSON-LD.

`dcatde:contributorID` is left out: GovData gives it to whoever delivers there, and portals add it on the way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any, NamedTuple

from public_feed.feed.kinds import ATOM, FIWARE_PATH, JSON_LD, KOELN_PATH, ROOT
from public_feed.feed.licenses import DEEDS
from public_feed.feed.spoken import spoken, words_in
from queue_core.domain.office import Zone
from queue_core.domain.publisher import Publisher
from queue_core.domain.site import Site
from queue_core.web.edition import JSON
from queue_core.web.words import said

STANDARD = "https://www.dcat-ap.de/def/dcatde/3.0/spec/"

_AUTHORITY = "http://publications.europa.eu/resource/authority"
_THEME = f"{_AUTHORITY}/data-theme/GOVE"
_IANA = "https://www.iana.org/assignments/media-types"
_CSV = "text/csv"
_FORMATS = {JSON: "JSON", JSON_LD: "JSON_LD", ATOM: "XML", _CSV: "CSV"}
_LANGUAGES = {
    "de": "DEU",
    "en": "ENG",
    "tr": "TUR",
    "ar": "ARA",
    "uk": "UKR",
    "ru": "RUS",
    "fa": "FAS",
    "ro": "RON",
}
_CONTEXT: Mapping[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Json = dict[str, Any]


class Said(NamedTuple):
    """Of a set of data, in one language."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """`files`: (address, media type). `frequency`: a name of the EU's list."""

    name: str
    said: Callable[[NullTranslations], Said]
    frequency: str
    files: tuple[tuple[str, str], ...]


class Catalogue:
    def __init__(self, site: Site, zones: Iterable[Zone], base_url: str) -> None:
        self._site, self._zones, self._base_url = site, list(zones), base_url
        self._by = site.publisher or Publisher(site.name)
        self._deed = DEEDS[site.license]
        self._languages = [tag for tag in site.languages if tag in _LANGUAGES and tag in spoken()]

    def record(self) -> Json:
        sets = _data_sets([zone.id for zone in self._zones])
        titled = self._in_words(lambda w: w.gettext("Waiting times: {site}"))
        described = self._in_words(lambda w: w.gettext("How long people wait here: now, usually, and on days gone by."))
        return {
            "@context": dict(_CONTEXT),
            "@id": f"{self._url('dcat.jsonld')}#catalogue",
            "@type": "dcat:Catalog",
            "dct:title": titled,
            "dct:description": described,
            "dct:publisher": self._publisher(),
            "dct:license": _iri(self._deed.iri),
            "dct:language": [_iri(f"{_AUTHORITY}/language/{_LANGUAGES[tag]}") for tag in self._languages],
            "foaf:homepage": _iri(f"{self._base_url}/"),
            "dcat:themeTaxonomy": _iri(f"{_AUTHORITY}/data-theme"),
            "dcat:dataset": [self._data_set(each) for each in sets],
            "dcat:service": self._service(sets),
        }

    def _data_set(self, each: DataSet) -> Json:
        return {
            "@id": self._id_of(each),
            "@type": "dcat:Dataset",
            "dct:identifier": each.name,
            "dct:title": self._in_words(lambda w: each.said(w).title),
            "dct:description": self._in_words(lambda w: each.said(w).description),
            "dct:publisher": _iri(self._publisher_id),
            "dcat:keyword": [word for keyword in (_wait, _office) for word in self._in_words(keyword)],
            "dcat:theme": _iri(_THEME),
            **self._contact(),
            **self._places(),
            "dct:accessRights": _iri(f"{_AUTHORITY}/access-right/PUBLIC"),
            "dct:accrualPeriodicity": _iri(f"{_AUTHORITY}/frequency/{each.frequency}"),
            "dcatap:availability": _iri(f"{_AUTHORITY}/planned-availability/AVAILABLE"),
            "dcat:landingPage": _iri(f"{self._base_url}/"),
            "dcat:distribution": [self._distribution(path, media_type) for path, media_type in each.files],
        }

    def _distribution(self, path: str, media_type: str) -> Json:
        url = f"{self._base_url}{path}"
        return {
            "@id": f"{url}#distribution",
            "@type": "dcat:Distribution",
            "dct:title": path.rpartition("/")[2],
            "dcat:accessURL": _iri(url),
            "dcat:downloadURL": _iri(url),
            "dct:license": _iri(self._deed.iri),
            **({"dcatde:licenseAttributionByText": self._name()} if self._deed.named else {}),
            "dct:format": _iri(f"{_AUTHORITY}/file-type/{_FORMATS[media_type]}"),
            "dcat:mediaType": _iri(f"{_IANA}/{media_type}"),
            "dcatap:availability": _iri(f"{_AUTHORITY}/planned-availability/AVAILABLE"),
        }

    def _service(self, sets: Sequence[DataSet]) -> Json:
        return {
            "@id": f"{self._url('dcat.jsonld')}#stream",
            "@type": "dcat:DataService",
            "dct:title": self._in_words(lambda w: w.gettext("Live stream: {site}")),
            "dct:publisher": _iri(self._publisher_id),
            "dct:license": _iri(self._deed.iri),
            "dcat:endpointURL": _iri(f"{self._base_url}/api/v1/zones"),
            "dcat:endpointDescription": [_iri(f"{self._base_url}/{n}.json") for n in ("openapi", "asyncapi")],
            "dcat:servesDataset": _iri(self._id_of(sets[0])),
        }

    def _publisher(self) -> Json:
        page = {"foaf:homepage": _iri(self._by.url)} if self._by.url else {}
        return {"@id": self._publisher_id, "@type": "foaf:Agent", "foaf:name": self._name(), **page}

    @property
    def _publisher_id(self) -> str:
        return f"{self._url('dcat.jsonld')}#publisher"

    def _contact(self) -> Json:
        """Whoever is named must be reached: by mail, or by a page."""
        by = {"vcard:hasEmail": f"mailto:{self._by.email}"} if self._by.email else {"vcard:hasURL": self._by.url}
        ways = {name: _iri(way) for name, way in by.items() if way}
        return {"dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": self._name(), **ways}} if ways else {}

    def _places(self) -> Json:
        """Well-known text names the longitude first."""
        known = {z.address for z in self._zones if z.address and z.address.latitude is not None}
        points = sorted(f"POINT({a.longitude} {a.latitude})" for a in known)
        found = [{"@type": "dct:Location", "dcat:centroid": _typed(p, "geo:wktLiteral")} for p in points]
        return {"dct:spatial": found} if found else {}

    def _id_of(self, each: DataSet) -> str:
        return f"{self._url('dcat.jsonld')}#{each.name}"

    def _name(self) -> str:
        return said(self._by.name, self._site.languages[0])

    def _url(self, name: str) -> str:
        return f"{self._base_url}{ROOT}/{name}"

    def _in_words(self, of: Callable[[NullTranslations], str]) -> list[Json]:
        """In each language that both the site and these words speak; `{site}` stands for the site's name."""
        return [
            {"@value": of(words_in(tag)).replace("{site}", said(self._site.name, tag)), "@language": tag}
            for tag in self._languages
        ]


def _data_sets(zones: Sequence[str]) -> tuple[DataSet, ...]:
    now = ((f"{ROOT}/waits.json", JSON), (KOELN_PATH, JSON), (FIWARE_PATH, JSON_LD))
    return (
        DataSet("waits", _waits, "CONT", now),
        DataSet("zones", _places, "IRREG", ((f"{ROOT}/zones.json", JSON),)),
        DataSet("rhythm", _rhythm, "DAILY", tuple((f"{ROOT}/zones/{zone}/rhythm.json", JSON) for zone in zones)),
        DataSet("days", _days, "DAILY", tuple((f"{ROOT}/zones/{zone}/days.json", JSON) for zone in zones)),
        DataSet("closures", _closures, "IRREG", ((f"{ROOT}/closures.atom", ATOM),)),
    )


def _iri(iri: str) -> Json:
    return {"@id": iri}


def _typed(value: str, kind: str) -> Json:
    return {"@value": value, "@type": kind}


def _wait(words: NullTranslations) -> str:
    return words.gettext("waiting time")


def _office(words: NullTranslations) -> str:
    return words.gettext("public office")


def _waits(words: NullTranslations) -> Said:
    gettext = words.gettext
    return Said(
        gettext("Current waiting times: {site}"),
        gettext("For each service: open or closed, people waiting, open counters, and the wait as a range."),
    )


def _places(words: NullTranslations) -> Said:
    gettext = words.gettext
    return Said(
        gettext("Waiting zones, services and counters: {site}"),
        gettext("What people can come for, where, and what it is called in each language."),
    )


def _rhythm(words: NullTranslations) -> Said:
    gettext = words.gettext
    return Said(
        gettext("Usual waiting times: {site}"),
        gettext("How long people usually wait, for each weekday and quarter of an hour."),
    )


def _days(words: NullTranslations) -> Said:
    gettext = words.gettext
    return Said(
        gettext("Waiting times of past days: {site}"),
        gettext("For each day and quarter of an hour: visits, waits and open counters, of five visits at least."),
    )


def _closures(words: NullTranslations) -> Said:
    gettext = words.gettext
    return Said(
        gettext("Closures and special opening hours: {site}"),
        gettext("On which of the next 60 days a waiting zone is closed or open at other hours."),
    )
