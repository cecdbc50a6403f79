"""QueueMonitor entities: what the model knows, and of that only what is known."""

from typing import Any

import pytest

from public_feed.feed.documents import PublisherName
from public_feed.feed.fiware import fiware
from public_feed.feed.telling import Observed, waits
from queue_core.domain.place import Address
from tests.public_feed.feed.test_telling import NOW_MS, record
from tests.support.zones import zone

#: Of the smart data model's schema (QueueMonitor, and what all its models share).
OF_THE_MODEL = {
    *("id", "type", "@context", "localId", "officeName", "serviceId", "serviceName", "serviceStatus"),
    *("serviceStatusNote", "scheduleTime", "queueLine", "linePriority", "lastTicketIssued", "lastTicketIssuedLabel"),
    *("ticketServed", "ticketServedLabel", "ticketsToServe", "source", "dataProvider", "address", "location"),
}
BY = PublisherName(name={"de": "Stadt"}, url=None)


def entity(at_ms: int | None = NOW_MS, address: Address | None = None, **changes: Any) -> dict[str, Any]:
    here = zone(address=address)
    told = waits([Observed(here, {"services": [record(**changes)]}, at_ms)]).zones
    found: dict[str, Any] = fiware({here.id: here}, told, "https://wait.example", BY)[0]
    assert found.keys() <= OF_THE_MODEL
    return found


def test_a_service_is_an_entity_with_the_time_of_what_changes() -> None:
    told = entity()
    at = "2026-11-22T15:13:00+01:00"
    assert (told["id"], told["type"]) == ("urn:ngsi-ld:QueueMonitor:hall:new", "QueueMonitor")
    assert told["serviceStatus"] == {"type": "Property", "value": "Open", "observedAt": at}
    assert told["ticketsToServe"] == {"type": "Property", "value": 3, "observedAt": at}
    assert (told["ticketServedLabel"]["value"], told["ticketServed"]["value"]) == ("A004", 4)
    assert told["dataProvider"] == {"type": "Property", "value": "Stadt"}


@pytest.mark.parametrize(
    ("state", "status"), [("closed", "Closed"), ("stopped", "Suspended"), ("full", "Suspended")], ids=str
)
def test_the_model_has_three_states(state: str, status: str) -> None:
    assert entity(state=state)["serviceStatus"]["value"] == status


def test_what_is_unknown_is_left_out() -> None:
    changing = {"serviceStatus", "ticketsToServe", "ticketServed", "ticketServedLabel"}
    assert not changing & entity(at_ms=None).keys()
    assert not {"ticketServed", "ticketServedLabel", "location", "address"} & entity(last_called=None).keys()


def test_a_number_of_another_series_has_no_ordinal_here() -> None:
    told = entity(last_called="C007")
    assert told["ticketServedLabel"]["value"] == "C007"
    assert "ticketServed" not in told


def test_a_point_has_the_longitude_first() -> None:
    told = entity(address=Address("Weg 1", "12345", "Stadt", latitude=51.5, longitude=7.0))
    assert told["location"] == {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [7.0, 51.5]}}
    assert told["address"]["value"]["addressLocality"] == "Stadt"
