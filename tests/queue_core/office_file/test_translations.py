from pathlib import Path

import pytest

from queue_core.domain.model import CounterId
from queue_core.office_file import OfficeFiles, OfficeInvalid, read_office
from tests.queue_core.office_file.files import SITE, TODAY, ZONE, changed, written

THREE = changed(SITE, '["de", "en"]', '["de", "en", "tr"]')
TURKISH = """
"Amt" = "Daire"
"Halle" = "Salon"
"Ohne Termin" = "Randevusuz"
"Pass" = "Pasaport"
"Erlaubnis" = "İzin"
"Schalter 1" = "Gişe 1"
"""


def read(folder: Path, **languages: str) -> OfficeFiles:
    written(folder, {"hall.toml": ZONE, "site.toml": THREE})
    (folder / "languages").mkdir()
    for name, text in languages.items():
        (folder / "languages" / f"{name}.toml").write_text(text, encoding="utf-8")
    return read_office(folder, TODAY)


def told(folder: Path, **languages: str) -> list[str]:
    try:
        read(folder, **languages)
    except OfficeInvalid as invalid:
        return [fault.message for fault in invalid.faults]
    return []


def test_the_offices_texts_are_completed_from_a_languages_file(tmp_path: Path) -> None:
    files = read(tmp_path, tr=TURKISH)
    (zone,) = files.office.values()
    assert zone.counters[CounterId("1")].name == {"de": "Schalter 1", "en": "Counter 1", "tr": "Gişe 1"}
    assert files.site.name["tr"] == "Daire"
    assert files.warnings == ()


def test_a_text_that_no_file_has_is_missing(tmp_path: Path) -> None:
    (message,) = told(tmp_path, tr=changed(TURKISH, '"Pass" = "Pasaport"', ""))
    assert message == "name: the text is missing in: tr"


def test_a_printers_texts_are_completed_and_need_not_be(tmp_path: Path) -> None:
    """Paper in a language that they lack has them in the first one."""
    printer = '[[kiosk]]\nid = "door"\nprinter = { address = "tcp://p", head = { en = "City", de = "Stadt" }, %s }\n'
    written(tmp_path, {"hall.toml": ZONE + printer % 'foot = { de = "WLAN: Gast" }', "site.toml": THREE})
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "tr.toml").write_text(TURKISH + '"Stadt" = "Belediye"\n', encoding="utf-8")
    printer_place = read_office(tmp_path, TODAY).devices.kiosks["door"].printer
    assert printer_place
    assert printer_place.head == {"de": "Stadt", "en": "City", "tr": "Belediye"}
    assert printer_place.foot == {"de": "WLAN: Gast"}
    assert next(iter(printer_place.head)) == "de"


def test_a_printers_text_is_there_in_the_first_language(tmp_path: Path) -> None:
    printer = '[[kiosk]]\nid = "door"\nprinter = { address = "tcp://p", head = { en = "City" } }\n'
    written(tmp_path, {"hall.toml": ZONE + printer, "site.toml": SITE})
    with pytest.raises(OfficeInvalid, match="head: the text is missing in: de"):
        read_office(tmp_path, TODAY)


def test_what_stands_in_the_offices_files_goes_first(tmp_path: Path) -> None:
    (zone,) = read(tmp_path, tr=TURKISH, en='"Halle" = "Great hall"').office.values()
    assert zone.name["en"] == "Hall"


def test_a_leftover_text_is_a_warning_that_says_what_was_meant(tmp_path: Path) -> None:
    (warning,) = read(tmp_path, tr=TURKISH + '"Schalter1" = "Gişe"').warnings
    assert str(warning).endswith("tr.toml:1: no text of the office is 'Schalter1' (did you mean Schalter 1?)")


def test_a_language_that_the_site_does_not_name_is_a_fault(tmp_path: Path) -> None:
    assert told(tmp_path, tr=TURKISH, ro="") == ["'ro' is none of the site's languages"]


def test_a_file_that_cannot_be_read_or_holds_no_texts_is_a_fault(tmp_path: Path) -> None:
    (message, *_) = told(tmp_path, tr="= nothing")
    assert message.startswith("cannot be read: ")


def test_a_translation_is_a_text(tmp_path: Path) -> None:
    assert "'Amt' = must be a text in quotes" in told(tmp_path, tr='"Amt" = 1')
