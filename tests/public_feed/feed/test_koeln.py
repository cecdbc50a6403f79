"""Cologne's form: flat and of strings, and yet no wait that nobody knows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from public_feed.feed.koeln import koeln
from public_feed.feed.telling import Observed, waits
from queue_core.domain.model import ServiceId
from tests.public_feed.feed.test_telling import NOW_MS, record
from tests.support.zones import NEW, zone

AT = datetime(2026, 11, 22, 14, 13, tzinfo=UTC)


def item(at_ms: int | None = NOW_MS, **changes: Any) -> dict[str, Any]:
    here = zone()
    told = waits([Observed(here, {"services": [record(**changes)]}, at_ms)]).zones
    document: dict[str, Any] = koeln({here.id: here}, told, "https://wait.example", AT).model_dump(mode="json")
    assert document["success"] is True
    first: dict[str, Any] = document["items"][0]
    return first


def test_an_open_service_is_an_item_of_strings() -> None:
    assert item() == {
        "title_anz": "Hall: New",
        "timestamp": "2026-11-22 15:13:00",
        "link": "https://wait.example/z/hall",
        "status": "1",
        "sondertext": "",
        "wartezeit_minuten": "2",
    }


@pytest.mark.parametrize(
    ("changes", "status", "note"),
    [
        ({"state": "closed", "opens_ms": NOW_MS}, "2", ""),
        ({"state": "stopped"}, "3", "Zurzeit werden keine Wartenummern ausgegeben."),
        ({"state": "full"}, "3", "Für heute sind alle Wartenummern vergeben."),
        ({"wait": None}, "3", "Die Wartezeit ist zurzeit nicht bekannt."),
        ({"at_ms": None}, "3", "Die Wartezeit ist zurzeit nicht bekannt."),
    ],
    ids=["closed", "stopped", "full", "no wait", "store away"],
)
def test_where_no_wait_is_told_there_is_none_and_a_reason(changes: dict[str, Any], status: str, note: str) -> None:
    told = item(**changes)
    assert (told["status"], told["sondertext"], told["wartezeit_minuten"]) == (status, note, "")
    assert told["timestamp"] == "2026-11-22 15:13:00"


def test_a_zone_with_one_service_has_its_own_name_alone() -> None:
    here = zone()
    alone = zone(services={ServiceId(NEW): here.services[NEW]})
    told = waits([Observed(alone, {"services": [record()]}, NOW_MS)]).zones
    assert koeln({alone.id: alone}, told, "", AT).items[0].title_anz == "Hall"
