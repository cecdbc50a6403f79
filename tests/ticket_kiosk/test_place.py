"""Kiosks are found by their name, and by their zone where two zones use the same."""

import pytest

from queue_core.domain.devices import Devices, KioskPlace, plain_devices
from queue_core.domain.errors import Refused
from queue_core.domain.model import ServiceId, ZoneId
from queue_core.web.problems import Problem
from tests.support.zones import NEW, zone
from ticket_kiosk.place import kiosk_named

HALL, YARD = zone("hall", kiosks=("entrance",)), zone("yard", kiosks=("entrance", "gate"))
OFFICE = {HALL.id: HALL, YARD.id: YARD}


@pytest.mark.parametrize(
    ("name", "zone_id"), [("entrance", "hall"), ("gate", "yard"), ("yard.entrance", "yard"), ("hall.entrance", "hall")]
)
def test_a_name_means_the_first_zone_that_has_it_unless_it_names_one(name: str, zone_id: str) -> None:
    assert kiosk_named(OFFICE, plain_devices(OFFICE.values()), name).zone.id == zone_id


@pytest.mark.parametrize("name", ["roof", "hall.gate", "roof.entrance", "", "."])
def test_there_is_no_other_kiosk(name: str) -> None:
    with pytest.raises(Problem) as refused:
        kiosk_named(OFFICE, plain_devices(OFFICE.values()), name)
    assert refused.value.status == 404


def test_a_kiosk_of_several_zones_draws_each_service_in_its_own() -> None:
    both = Devices({"entrance": KioskPlace("entrance", (YARD.id, HALL.id))})
    kiosk = kiosk_named(OFFICE, both, "entrance")
    assert kiosk.zone.id == "yard"
    assert kiosk.serving(NEW).id == "yard"
    assert kiosk.serving(NEW, ZoneId("hall")).id == "hall"
    assert [mine.id for mine in kiosk.at(HALL).zones] == ["hall"]


@pytest.mark.parametrize(("service", "zone_id"), [("x", None), ("new", "roof")])
def test_what_none_of_its_zones_has_is_refused(service: str, zone_id: str | None) -> None:
    kiosk = kiosk_named(OFFICE, plain_devices(OFFICE.values()), "entrance")
    with pytest.raises(Refused):
        kiosk.serving(ServiceId(service), ZoneId(zone_id) if zone_id else None)
