from pathlib import Path

import pytest

from tests.queue_core.office_file.files import ZONE, changed, line_of, office, zone_faults


@pytest.mark.parametrize(
    ("old", "new", "table", "name"),
    [
        ('id = "permit"', 'id = "passport"', "service", "passport"),
        ('id = "c"\n', 'id = "a"\n', "series", "a"),
    ],
)
def test_an_id_stands_once_in_its_table(tmp_path: Path, old: str, new: str, table: str, name: str) -> None:
    zone = changed(ZONE, old, new)
    first = line_of(zone, f'id = "{name}"')
    messages = [f.message for f in zone_faults(tmp_path, zone)]
    assert f"{table} {name!r} is already in line {first}" in messages


def test_different_tables_may_use_the_same_id(tmp_path: Path) -> None:
    office(tmp_path, changed(ZONE, 'id = "normal"', 'id = "a"'))


@pytest.mark.parametrize(
    ("first", "second", "extent"),
    [
        ('prefix = "A"', 'prefix = "A"', "all its numbers"),
        ('prefix = "A"', 'prefix = "A"\nfirst = 100\nlast = 199', "all its numbers"),
        ('prefix = "A"\nlast = 500', 'prefix = "A"\nfirst = 401', "A401 to A500"),
        ('prefix = "A"\nlast = 12', 'prefix = "A0"\ndigits = 2\nlast = 99', "A001 to A012"),
    ],
)
def test_two_series_never_share_a_number(tmp_path: Path, first: str, second: str, extent: str) -> None:
    zone = changed(changed(ZONE, 'prefix = "C"', second), 'prefix = "A"', first)
    (fault,) = zone_faults(tmp_path, zone)
    assert fault.message == f"series 'c' overlaps series 'a': {extent}"
    assert fault.line == line_of(zone, 'id = "c"') + 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('prefix = "A"\nlast = 500', 'prefix = "A"\nfirst = 501'),
        ('prefix = "A"', 'prefix = "A"\ndigits = 4'),
        ('prefix = ""', 'prefix = "A"'),
    ],
)
def test_series_may_stand_side_by_side(tmp_path: Path, first: str, second: str) -> None:
    assert office(tmp_path, changed(changed(ZONE, 'prefix = "C"', second), 'prefix = "A"', first)).warnings == ()


def test_a_zone_speaks_only_languages_of_its_site(tmp_path: Path) -> None:
    zone = changed(ZONE, 'id = "hall"', 'id = "hall"\nlanguages = ["de", "tr"]').replace("en = ", "tr = ")
    (fault,) = zone_faults(tmp_path, zone)
    assert (fault.line, fault.message) == (3, "'tr' is none of the site's languages")


def test_a_zone_may_speak_fewer_languages_than_its_site(tmp_path: Path) -> None:
    (zone,) = office(tmp_path, changed(ZONE, 'id = "hall"', 'id = "hall"\nlanguages = ["en"]')).office.values()
    assert zone.languages == ("en",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('prefix = "C"', 'prefix = "SO"', "prefix 'SO': easily mistaken for digits: O, S"),
        ('services = ["*"]', 'services = ["permit"]', "no counter serves 'passport'"),
        ('series = "c"', 'series = "a"', "no service uses series 'c'"),
        ('series = "c"', 'series = "c"\nhours = {}', "these hours never open"),
    ],
)
def test_what_works_but_was_hardly_meant_is_a_warning(tmp_path: Path, old: str, new: str, message: str) -> None:
    (warning,) = office(tmp_path, changed(ZONE, old, new)).warnings
    assert warning.message == message
