from datetime import time

from queue_core.domain.office import Hours, Interval
from queue_core.domain.views.timetable import Opening, Timetable, openings
from tests.queue_core.domain.views.scenes import NINE_MS
from tests.support.zones import NEW, zone

HOUR_MS = 3_600_000
MORNINGS = zone(hours=Hours(week={"mon": (Interval(time(8), time(12)),)}))


def test_always_open_has_no_end() -> None:
    assert openings(zone(), NINE_MS)[NEW] == Opening(True)


def test_never_open_has_no_beginning() -> None:
    assert openings(zone(hours=Hours()), NINE_MS)[NEW] == Opening(False)


def test_an_edge_is_noticed_when_it_passes_and_not_worked_out_before() -> None:
    timetable = Timetable()
    first = timetable.at(MORNINGS, NINE_MS)
    assert first[NEW] == Opening(True, closes_ms=NINE_MS + 3 * HOUR_MS)
    assert timetable.at(MORNINGS, NINE_MS + 3 * HOUR_MS - 1) is first
    assert not timetable.at(MORNINGS, NINE_MS + 3 * HOUR_MS)[NEW].is_open


def test_another_configuration_or_an_earlier_time_is_worked_out_anew() -> None:
    timetable = Timetable()
    first = timetable.at(MORNINGS, NINE_MS)
    assert timetable.at(zone(), NINE_MS)[NEW] == Opening(True)
    assert timetable.at(MORNINGS, NINE_MS - HOUR_MS) == first
    assert not timetable.at(MORNINGS, NINE_MS - 2 * HOUR_MS)[NEW].is_open
