from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from queue_core.domain.model import ClassId, CounterId, SeriesId, ServiceId
from queue_core.domain.office import Interval, MissedReturn, Rules, Zone
from tests.queue_core.office_file.files import ZONE, changed, office

MORNING = Interval(time(8), time(12, 30))
PASSPORT, PERMIT, FIRST, A = ServiceId("passport"), ServiceId("permit"), CounterId("1"), SeriesId("a")


def zone_of(folder: Path, old: str = "", new: str = "") -> Zone:
    (zone,) = office(folder, changed(ZONE, old, new)).office.values()
    return zone


def test_what_is_not_written_has_the_domains_defaults(tmp_path: Path) -> None:
    zone = zone_of(tmp_path)
    assert zone.time_zone == ZoneInfo("Europe/Berlin")
    assert zone.day_starts == time(4)
    assert zone.rules == Rules()
    assert zone.kiosks == zone.displays == ("hall",)
    assert zone.services[PASSPORT].minutes == 10
    assert zone.services[PASSPORT].quota == 0
    assert zone.series[A].number(47) == "A047"


def test_site_and_languages_come_from_the_site(tmp_path: Path) -> None:
    zone = zone_of(tmp_path)
    assert zone.site == {"de": "Amt", "en": "Office"}
    assert zone.languages == ("de", "en")


def test_a_zone_may_lie_elsewhere_and_begin_its_day_later(tmp_path: Path) -> None:
    zone = zone_of(tmp_path, 'id = "hall"', 'id = "hall"\ntime_zone = "Europe/Lisbon"\nday_starts = "5:30"')
    assert (zone.time_zone, zone.day_starts) == (ZoneInfo("Europe/Lisbon"), time(5, 30))


def test_a_star_means_every_service_in_their_order(tmp_path: Path) -> None:
    assert zone_of(tmp_path).counters[FIRST].services == (PASSPORT, PERMIT)


def test_minutes_become_seconds(tmp_path: Path) -> None:
    zone = zone_of(tmp_path, 'services = ["*"]', 'services = ["*"]\noffset_minutes = { permit = -1.5 }')
    assert zone.counters[FIRST].offset_s == {PERMIT: -90}
    zone = zone_of(tmp_path, 'series = "a"', 'series = "a"\nhead_start_minutes = { normal = 20 }\nvisit_minutes = 4')
    assert zone.head_start_ms(PASSPORT, ClassId("normal")) == 1_200_000
    assert zone.services[PASSPORT].minutes == 4


def test_rules_that_are_written_replace_the_defaults_one_by_one(tmp_path: Path) -> None:
    rules = "\n[rules]\nbooking_lead_minutes = 7\nundo_s = 10\ncounters_may_pick = false\n"
    rules += 'missed_return = "old"\nmissed_return_minutes = 5\n'
    (zone,) = office(tmp_path, ZONE + rules).office.values()
    assert zone.rules == Rules(
        booking_lead_s=420,
        undo_s=10,
        counters_may_pick=False,
        missed_return=MissedReturn.OLD,
        missed_return_s=300,
    )


def test_listed_days_are_open_and_others_closed(tmp_path: Path) -> None:
    hours = zone_of(tmp_path).hours
    monday, tuesday = date(2026, 6, 8), date(2026, 6, 9)
    assert hours.on(monday) == (MORNING,)
    assert hours.on(tuesday) == ()


def test_holidays_and_closures_close_unless_a_day_has_hours_of_its_own(tmp_path: Path) -> None:
    lines = '\nclosed_on = [2026-06-08]\nextra.2026-05-25 = ["09:00-10:00"]'
    hours = zone_of(tmp_path, "[hours]", f"[hours]{lines}").hours
    whit_monday, closed, corpus_christi = date(2026, 5, 25), date(2026, 6, 8), date(2026, 6, 4)
    assert hours.on(whit_monday) == (Interval(time(9), time(10)),)
    assert hours.on(closed) == ()
    assert hours.on(corpus_christi) == ()


def test_a_zone_may_open_on_holidays(tmp_path: Path) -> None:
    hours = zone_of(tmp_path, "[hours]", "[hours]\nclosed_on_holidays = false").hours
    assert hours.on(date(2026, 5, 25)) == (MORNING,)


def test_a_service_may_have_hours_of_its_own_and_keeps_the_holidays(tmp_path: Path) -> None:
    zone = zone_of(tmp_path, 'series = "a"', 'series = "a"\nhours = { mon = ["10:00-11:00"] }')
    assert zone.hours_of(PASSPORT).on(date(2026, 6, 8)) == (Interval(time(10), time(11)),)
    assert zone.hours_of(PASSPORT).on(date(2026, 5, 25)) == ()
    assert zone.hours_of(PERMIT) == zone.hours


def test_always_open_needs_no_holidays(tmp_path: Path) -> None:
    hours = 'always = true\n\n[[class]]\nid = "normal"'
    old = ZONE[ZONE.index("mon = ") : ZONE.index('id = "normal"') + len('id = "normal"')]
    zone = zone_of(tmp_path, old, hours)
    assert zone.hours.always
    assert zone.hours.closed_on == frozenset()
