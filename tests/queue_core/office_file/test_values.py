from pathlib import Path

import pytest

from tests.queue_core.office_file.files import ZONE, changed, line_of, office, zone_faults


@pytest.mark.parametrize(
    ("old", "new", "message", "suggestion"),
    [
        ('id = "hall"', 'id = "Hall"', "id: 'Hall' is no id: up to 32 of a-z, 0-9 and hyphens", None),
        ('id = "hall"', 'id = "-hall"', "id: '-hall' is no id", None),
        ('id = "hall"', f'id = "{"h" * 33}"', "is no id", None),
        ('id = "1"', 'id = ""', "id: '' is no id", None),
        ('prefix = "A"', 'prefix = "a"', "prefix: 'a' is no prefix: up to 3 of A-Z and 0-9", None),
        ('prefix = "A"', 'prefix = "ABCD"', "prefix: 'ABCD' is no prefix", None),
        ('mon = ["08:00-12:30"]', 'mon = ["8-12"]', "mon: '8-12' are no hours such as \"08:00-12:30\"", None),
        ('mon = ["08:00-12:30"]', 'mon = ["08:00-25:00"]', "mon: '08:00-25:00' are no hours", None),
        (
            'mon = ["08:00-12:30"]',
            'mon = ["08:00-24:00"]',
            "mon: '08:00-24:00': hours end at \"23:59\" at the latest",
            None,
        ),
        ('mon = ["08:00-12:30"]', 'mon = ["00:00-24:00"]', "a zone that never closes has `always = true`", None),
        ('mon = ["08:00-12:30"]', "mon = [8]", "mon: 8 are no hours", None),
        ('mon = ["08:00-12:30"]', 'mon = ["12:30-08:00"]', "mon: '12:30-08:00' opens after it closes", None),
        ('mon = ["08:00-12:30"]', 'mon = ["08:00-08:00"]', "mon: '08:00-08:00' is empty", None),
        (
            'mon = ["08:00-12:30"]',
            'mon = ["12:00-14:00", "08:00-12:30"]',
            "mon: hours overlap: 08:00-12:30 and 12:00-14:00",
            None,
        ),
        ('mon = ["08:00-12:30"]', 'closed_on = ["2026-12-24"]', "closed_on: must be a valid date", None),
        ('mon = ["08:00-12:30"]', "extra.christmas = []", "christmas: 'christmas' is no date such as 2026-12-24", None),
        ('name = { de = "Halle", en = "Hall" }', 'name = { de = "Halle" }', "name: the text is missing in: en", None),
        (
            'name = { de = "Halle", en = "Hall" }',
            'name = { de = "", en = " " }',
            "name: the text is missing in: de, en",
            None,
        ),
        ('series = "a"', 'series = "aa"', "series: no series 'aa'", "a"),
        ('services = ["*"]', 'services = ["pasport"]', "services: no service 'pasport'", "passport"),
        ('services = ["*"]', "services = []", "services: must have at least 1 item, not 0", None),
        ('services = ["*"]', 'services = ["permit", "permit"]', "services: 'permit' stands there twice", None),
        ('series = "a"', 'series = "a"\nhead_start_minutes.norma = 1', "norma: no class 'norma'", "normal"),
        ('services = ["*"]', 'services = ["*"]\noffset_minutes.x = 1', "x: no service 'x'", None),
        ('id = "hall"', 'id = "hall"\ntime_zone = "Europa/Berlin"', "unknown time zone", "Europe/Berlin"),
        ('id = "hall"', 'id = "hall"\nday_starts = "25:00"', "day_starts: '25:00' is no time such as \"04:00\"", None),
        ('id = "hall"', 'id = "hall"\nlanguages = ["de", "German"]', "'German' is no language code", None),
        ('id = "hall"', 'id = "hall"\nkiosks = []', "kiosks: must have at least 1 item, not 0", None),
    ],
)
def test_each_wrong_value_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, message: str, suggestion: str | None
) -> None:
    zone = changed(ZONE, old, new)
    found = [f for f in zone_faults(tmp_path, zone) if message in f.message]
    assert [(f.line, f.suggestion) for f in found] == [(line_of(zone, new) + new.count("\n"), suggestion)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('mon = ["08:00-12:30"]', 'mon = ["03:30-12:30"]'),
        ('mon = ["08:00-12:30"]', 'extra.2026-12-24 = ["03:30-12:30"]'),
        ('series = "a"', 'series = "a"\nhours.sat = ["03:30-12:30"]'),
    ],
)
def test_nothing_opens_before_the_business_day_begins(tmp_path: Path, old: str, new: str) -> None:
    zone = changed(ZONE, old, new)
    (fault,) = zone_faults(tmp_path, zone)
    assert fault.message.endswith(": 03:30-12:30 opens before the business day (04:00)")
    assert fault.line == line_of(zone, "03:30")


def test_a_later_business_day_needs_later_hours(tmp_path: Path) -> None:
    late = changed(ZONE, 'id = "hall"', 'id = "hall"\nday_starts = "09:00"')
    assert [f.message for f in zone_faults(tmp_path, late)] == [
        "mon: 08:00-12:30 opens before the business day (09:00)",
        "thu: 08:00-12:30 opens before the business day (09:00)",
    ]


def test_a_faulty_start_of_the_day_judges_no_hours(tmp_path: Path) -> None:
    (fault,) = zone_faults(tmp_path, changed(ZONE, 'id = "hall"', 'id = "hall"\nday_starts = "nine"'))
    assert fault.message == "day_starts: 'nine' is no time such as \"04:00\""


def test_hours_may_touch_each_other(tmp_path: Path) -> None:
    hours = 'mon = ["08:00-12:00", "12:00-16:00"]'
    assert len(office(tmp_path, changed(ZONE, 'mon = ["08:00-12:30"]', hours)).office) == 1


def test_a_text_may_have_more_languages_than_are_offered(tmp_path: Path) -> None:
    text = 'de = "Halle", tr = "Salon", en = "Hall"'
    (zone,) = office(tmp_path, changed(ZONE, 'de = "Halle", en = "Hall"', text)).office.values()
    assert zone.name["tr"] == "Salon"
