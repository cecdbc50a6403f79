"""Kiosks are found by their name, and by their zone where two zones use the same."""

import pytest

from queue_core.web.problems import Problem
from tests.support.zones import zone
from ticket_kiosk.place import kiosk_named

ZONES = [zone("hall", kiosks=("entrance",)), zone("yard", kiosks=("entrance", "gate"))]


@pytest.mark.parametrize(
    ("name", "zone_id"), [("entrance", "hall"), ("gate", "yard"), ("yard.entrance", "yard"), ("hall.entrance", "hall")]
)
def test_a_name_means_the_first_zone_that_has_it_unless_it_names_one(name: str, zone_id: str) -> None:
    assert kiosk_named(ZONES, name).zone.id == zone_id


@pytest.mark.parametrize("name", ["roof", "hall.gate", "roof.entrance", "", "."])
def test_there_is_no_other_kiosk(name: str) -> None:
    with pytest.raises(Problem) as refused:
        kiosk_named(ZONES, name)
    assert refused.value.status == 404
