import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_core.domain.place import Address
from queue_core.domain.publisher import License, Publisher
from queue_core.office_file import Fault, OfficeInvalid, load_office, read_office
from tests.queue_core.office_file.files import SITE, TODAY, ZONE, changed, faults, line_of, office, written


def other(text: str = ZONE) -> str:
    return changed(text, 'id = "hall"', 'id = "attic"')


def test_a_folder_has_one_zone_a_file_sorted_by_id(tmp_path: Path) -> None:
    folder = written(
        tmp_path, {"1.toml": ZONE, "2.toml": other(), "site.toml": SITE, "notes.txt": "x", ".#1.toml": "x"}
    )
    assert list(load_office(folder, TODAY)) == ["attic", "hall"]


def test_a_single_file_may_hold_site_and_zone(tmp_path: Path) -> None:
    folder = written(tmp_path, {"office.toml": f"{SITE}\n{ZONE}", "other.toml": "not read = at all"})
    assert list(load_office(folder / "office.toml", TODAY)) == ["hall"]


def test_a_single_zone_takes_the_site_beside_it(tmp_path: Path) -> None:
    folder = written(tmp_path, {"site.toml": SITE, "zone.toml": ZONE, "other.toml": other()})
    assert list(load_office(folder / "zone.toml", TODAY)) == ["hall"]


def test_the_site_is_told_beside_the_zones(tmp_path: Path) -> None:
    site = office(tmp_path, site=f'{SITE}\n[site.imprint]\nde = "Wir"\nen = "We"\n').site
    assert (site.languages, site.imprint, site.privacy) == (("de", "en"), {"de": "Wir", "en": "We"}, {})


def test_a_site_without_holidays_closes_on_none(tmp_path: Path) -> None:
    (zone,) = office(tmp_path, site=SITE[: SITE.index("[site.holidays]")]).office.values()
    assert zone.hours.closed_on == frozenset()


def test_without_a_day_holidays_are_those_around_now(tmp_path: Path) -> None:
    (zone,) = load_office(written(tmp_path, {"site.toml": SITE, "zone.toml": ZONE})).values()
    assert len({day.year for day in zone.hours.closed_on}) == 7


def test_all_faults_of_all_files_are_told_in_their_order(tmp_path: Path) -> None:
    bad = changed(changed(ZONE, 'mon = ["08:00-12:30"]', 'mon = ["12:30-08:00"]'), 'series = "c"', 'series = "x"')
    bad = changed(changed(bad, 'prefix = "C"', 'prefix = "A"'), 'id = "1"', 'id = "1"\nquota = 5')
    site = changed(SITE, "[site]", '[site]\ntime_zone = "Europe/Bonn"')
    found = faults(tmp_path, {"a.toml": other(bad), "b.toml": "broken", "site.toml": site})
    assert [(Path(f.file).name, f.line, f.message.partition(":")[0]) for f in found] == [
        ("a.toml", 6, "mon"),
        ("a.toml", 19, "series 'c' overlaps series 'a'"),
        ("a.toml", 29, "series"),
        ("a.toml", 33, "unknown key 'quota'"),
        ("b.toml", 1, "not TOML"),
        ("site.toml", 2, "time_zone"),
    ]


def test_a_fault_knows_its_place_and_its_key(tmp_path: Path) -> None:
    zone = changed(ZONE, 'services = ["*"]', 'services = ["permit", "pasport"]')
    (fault,) = faults(tmp_path, {"site.toml": SITE, "zone.toml": zone})
    line = line_of(zone, "services = ")
    assert fault.key == ("counter", 0, "services", 1)
    assert (fault.line, fault.column) == (line, len('services = ["permit", ') + 1)
    assert str(fault) == f"{tmp_path}/zone.toml:{line}: services: no service 'pasport' (did you mean passport?)"


def test_a_fault_elsewhere_in_an_entry_does_not_hide_its_name(tmp_path: Path) -> None:
    """Otherwise whoever refers to it would be blamed too."""
    zone = changed(changed(ZONE, 'series = "a"', 'series = "a"\nquota = -1'), '["*"]', '["passport"]')
    assert [f.key[-1] for f in faults(tmp_path, {"site.toml": SITE, "zone.toml": zone})] == ["quota"]


def test_a_broken_site_hides_no_fault_of_a_zone(tmp_path: Path) -> None:
    zone = changed(ZONE, 'series = "a"', 'series = "a"\nquota = -1')
    found = faults(tmp_path, {"site.toml": "[site", "zone.toml": zone})
    assert [Path(f.file).name for f in found] == ["site.toml", "zone.toml"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no *.toml in this folder"),
        ({"zone.toml": ZONE}, "no file has a [site] table"),
        ({"site.toml": SITE}, "no file describes a zone"),
        ({"site.toml": f"{SITE}\n[zones]", "zone.toml": ZONE}, "unknown key 'zones'"),
        ({"site.toml": "site = 5", "zone.toml": ZONE}, "must be a table: [name] or { key = value }, not 5"),
        ({"site.toml": changed(SITE, '"en"', '"fr"'), "zone.toml": ZONE}, "name: the text is missing in: fr"),
    ],
)
def test_what_is_missing_as_a_whole_is_told(tmp_path: Path, files: dict[str, str], message: str) -> None:
    assert faults(tmp_path, files)[0].message == message


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(OfficeInvalid, match="gone:1: no such file"):
        read_office(tmp_path / "gone")


def test_a_second_site_is_told_with_the_first(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {"a.toml": f"{SITE}\n{ZONE}", "site.toml": SITE})
    assert (Path(fault.file).name, fault.message) == ("site.toml", f"[site] already stands in {tmp_path}/a.toml")


def test_a_second_zone_of_the_same_id_is_told_with_the_first(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {"site.toml": SITE, "a.toml": ZONE, "b.toml": ZONE})
    assert (fault.line, fault.message) == (2, f"zone 'hall' already stands in {tmp_path}/a.toml")


def test_the_error_shows_every_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, {"site.toml": SITE, "a.toml": ZONE, "b.toml": ZONE})
    assert str(OfficeInvalid(found)) == "\n".join(map(str, found))


SNIPPETS = [
    "",
    "0",
    "-1",
    "nan",
    "true",
    '"x"',
    "[]",
    "{}",
    "[[]]",
    '[""]',
    "{ de = 1 }",
    "2026-12-24",
    "[hours]",
    "\n",
    "=",
    ".",
]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_is_an_office_or_a_list_of_faults(data: st.DataObject) -> None:
    """Each run replaces some tokens: never another error, and every fault lies within the text."""
    text = f"{SITE}\n{ZONE}"
    for _ in range(data.draw(st.integers(1, 3))):
        token = data.draw(st.sampled_from(list(re.finditer(r'"[^"]*"|[\w.]+|[\[\]{}=]|\[.*\]|\{.*\}', text))))
        text = text[: token.start()] + data.draw(st.sampled_from(SNIPPETS)) + text[token.end() :]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "office.toml"
        file.write_text(text)
        assert all(1 <= fault.line <= 1 + text.count("\n") and str(fault) for fault in told(file))


def told(file: Path) -> tuple[Fault, ...]:
    try:
        return read_office(file, TODAY).warnings
    except OfficeInvalid as error:
        return error.faults


def test_a_device_belongs_to_one_zone(tmp_path: Path) -> None:
    devices = 'kiosks = ["door"]\ndisplays = ["wall"]'
    one, two = (changed(text, "[hours]", f"{devices}\n\n[hours]") for text in (ZONE, other()))
    found = faults(tmp_path, {"a.toml": one, "b.toml": two, "site.toml": SITE})
    assert [f.message for f in found] == [
        "'door' already stands in the kiosks of 'hall'",
        "'wall' already stands in the displays of 'hall'",
    ]


def test_who_publishes_and_under_which_licence_is_the_site_s(tmp_path: Path) -> None:
    publisher = '[site.publisher]\nname = { de = "Amt" }\nurl = "https://amt.example"\n'
    licensed = changed(SITE, "[site]", '[site]\nlicense = "cc-by-4.0"')
    site = office(tmp_path, site=f"{licensed}\n{publisher}").site
    assert site.license is License.CC_BY
    assert site.publisher == Publisher({"de": "Amt"}, "https://amt.example")


ADDRESS = 'street = "Weg 1"\npostal_code = "12345"\ntown = "Stadt"\n'


def test_a_zone_without_an_address_has_the_site_s(tmp_path: Path) -> None:
    site = f"{SITE}\n[site.address]\n{ADDRESS}latitude = 51.5\nlongitude = 7.0\n"
    (zone,) = office(tmp_path, site=site).office.values()
    assert zone.address == Address("Weg 1", "12345", "Stadt", "DE", 51.5, 7.0)
    (zone,) = office(tmp_path, f"{ZONE}\n[zone.address]\n{ADDRESS}", site).office.values()
    assert zone.address == Address("Weg 1", "12345", "Stadt")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (f"[site.address]\n{ADDRESS}latitude = 51.5", "latitude and longitude stand together or not at all"),
        ('[site.publisher]\nname = { de = "A" }\nurl = "amt"', "url: "),
    ],
    ids=["half a place on the map", "no address of a page"],
)
def test_half_a_place_and_half_an_address_are_faults(tmp_path: Path, table: str, message: str) -> None:
    (fault,) = faults(tmp_path, {"site.toml": f"{SITE}\n{table}\n", "zone.toml": ZONE})
    assert message in fault.message
