"""The record for portals: everything that DCAT-AP.de 3.0 demands, and no name or place that is not known."""

from typing import Any

import pytest

from public_feed.feed.dcat import Catalogue
from queue_core.domain.place import Address
from queue_core.domain.publisher import License, Publisher
from queue_core.domain.site import Site
from tests.support.zones import zone

#: Verpflichtend: GovDataOfficial/DCAT-AP.de, Releases/DCAT-AP.de V3.0/spec/03_overview_table.md.
REQUIRED = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher"},
    "dcat:Dataset": {"dct:title", "dct:description", "dct:publisher"},
    "dcat:DataService": {"dcat:endpointURL", "dct:title", "dct:publisher"},
    "dcat:Distribution": {"dcat:accessURL", "dct:license"},
    "foaf:Agent": {"foaf:name"},
    "vcard:Organization": {"vcard:fn"},
    "dct:Location": {"dcat:centroid"},
}
SITE = Site(
    {"de": "Amt", "en": "Office"},
    ("de", "de-simple", "en"),
    publisher=Publisher({"de": "Stadt"}, "https://stadt.example", "daten@stadt.example"),
)
HERE = zone(address=Address("Weg 1", "12345", "Stadt", latitude=51.5, longitude=7.0))


def record(site: Site = SITE) -> dict[str, Any]:
    return Catalogue(site, [HERE], "https://wait.example").record()


def nodes(value: Any) -> list[dict[str, Any]]:
    """All that have a class, however deep."""
    if isinstance(value, list):
        return [node for item in value for node in nodes(item)]
    if not isinstance(value, dict):
        return []
    within = [node for item in value.values() for node in nodes(item)]
    return [value, *within] if value.get("@type", "") in REQUIRED else within


@pytest.mark.parametrize("site", [SITE, Site({"de": "Amt"}, ("de",))], ids=["all told", "nothing told"])
def test_every_node_has_what_its_class_demands(site: Site) -> None:
    missing = {node["@type"]: REQUIRED[node["@type"]] - node.keys() for node in nodes(record(site))}
    assert {"dcat:Catalog", "dcat:Dataset", "dcat:Distribution", "dcat:DataService", "foaf:Agent"} <= missing.keys()
    assert {kind: names for kind, names in missing.items() if names} == {}


def test_every_reference_within_the_record_leads_to_a_node() -> None:
    whole = record()
    named = {node["@id"] for node in nodes(whole) if "@id" in node}
    assert {each["dct:publisher"]["@id"] for each in nodes(whole) if "dct:publisher" in each} <= named
    assert whole["dcat:service"]["dcat:servesDataset"]["@id"] in named


def test_words_are_told_in_each_language_that_has_a_tag_there() -> None:
    assert record()["dct:title"] == [
        {"@value": "Wartezeiten: Amt", "@language": "de"},
        {"@value": "Waiting times: Office", "@language": "en"},
    ]


def test_a_licence_that_wants_a_name_comes_with_it() -> None:
    first = record()["dcat:dataset"][0]["dcat:distribution"][0]
    assert first["dct:license"] == {"@id": "http://dcat-ap.de/def/licenses/dl-by-de/2.0"}
    assert first["dcatde:licenseAttributionByText"] == "Stadt"
    free = record(Site({"de": "Amt"}, ("de",), license=License.DL_DE_ZERO))["dcat:dataset"][0]["dcat:distribution"][0]
    assert free["dct:license"] == {"@id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"}
    assert "dcatde:licenseAttributionByText" not in free


def test_a_place_is_well_known_text_with_the_longitude_first() -> None:
    centroid = record()["dcat:dataset"][0]["dct:spatial"][0]["dcat:centroid"]
    assert centroid == {"@value": "POINT(7.0 51.5)", "@type": "geo:wktLiteral"}
