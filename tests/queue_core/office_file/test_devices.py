from datetime import date, time
from pathlib import Path

import pytest

from queue_core.domain.devices import (
    Devices,
    DisplayPlace,
    KioskPlace,
    MediumKind,
    NearClosing,
    Notice,
    PrinterPlace,
    Theme,
    VoicePlace,
    Volume,
    plain_devices,
)
from queue_core.domain.model import CounterId, SeriesId, ServiceId, ZoneId
from queue_core.domain.office import Arrow
from queue_core.office_file import OfficeFiles, read_office
from tests.queue_core.office_file.files import SITE, TODAY, ZONE, changed, office, written, zone_faults

HALL, ATTIC = ZoneId("hall"), ZoneId("attic")
SPARE = '\n[[series]]\nid = "n"\nprefix = "N"\n'
KIOSK = '\n[[kiosk]]\nid = "door"\n'
DISPLAY = '\n[[display]]\nid = "wall"\n'


def devices(folder: Path, more: str) -> Devices:
    return office(folder, ZONE + more).devices


def zone_fault(folder: Path, more: str) -> str:
    (fault,) = zone_faults(folder, ZONE + more)
    return str(fault)


def two_zones(folder: Path, more: str) -> OfficeFiles:
    other = changed(ZONE, 'id = "hall"', 'id = "attic"')
    return read_office(written(folder, {"a.toml": ZONE + more, "b.toml": other, "site.toml": SITE}), TODAY)


def test_what_no_table_describes_is_a_plain_device(tmp_path: Path) -> None:
    files = office(tmp_path, ZONE)
    assert files.devices.kiosks == {"hall": KioskPlace("hall", (HALL,))}
    assert files.devices.displays == plain_devices(files.office.values()).displays


def test_a_kiosk_with_all_that_may_be_said_of_it(tmp_path: Path) -> None:
    more = """
languages = ["en", "de"]
screen_inches = 32
pin = "2580"
speaks = false
idle_s = 60
near_closing = "stop"
emergency_series = "n"
emergency_block = 20
printer = { address = "tcp://10.0.0.7", width_dots = 384, head = { de = "Amt", en = "Office" } }
"""
    assert devices(tmp_path, SPARE + KIOSK + more).kiosks == {
        "door": KioskPlace(
            "door",
            (HALL,),
            languages=("en", "de"),
            screen_inches=32,
            pin="2580",
            speaks=False,
            idle_s=60,
            near_closing=NearClosing.STOP,
            emergency_series=SeriesId("n"),
            emergency_block=20,
            printer=PrinterPlace("tcp://10.0.0.7", 384, head={"de": "Amt", "en": "Office"}),
        )
    }


def test_a_display_with_all_that_may_be_said_of_it(tmp_path: Path) -> None:
    more = """
services = ["passport"]
counters = ["1"]
languages = ["de", "en"]
theme = "contrast"
columns = 1
lines = 8
waits = false
distance_m = 8
screen_inches = 43
shift_minutes = 0
blank = "18:30-06:30"
accent = "#1A5FB4"
logo = "logo.svg"
ticker = { de = "Bitte Ausweis bereithalten", en = "Please have your passport ready" }
youtube = true

[[display.notice]]
text = { de = "Heute nur bis 12", en = "Today until 12 only" }
begins = 2026-12-24
ends = 2026-12-24

[[display.medium]]
kind = "youtube"
source = "dQw4w9WgXcQ"
seconds = 30

[display.voice]
languages = ["de", "en"]
gong = false
merge_beyond = 2
age_most_s = 30
volumes = { "12:00" = 40, "07:00" = 60 }
"""
    place = devices(tmp_path, DISPLAY + more).displays["wall"]
    assert place.voice == VoicePlace(("de", "en"), True, False, 2, 30, (Volume(time(7), 60), Volume(time(12), 40)))
    assert place.notices == (
        Notice({"de": "Heute nur bis 12", "en": "Today until 12 only"}, date(2026, 12, 24), date(2026, 12, 24)),
    )
    assert (place.media[0].kind, place.media[0].source, place.media[0].seconds) == (
        MediumKind.YOUTUBE,
        "dQw4w9WgXcQ",
        30,
    )
    assert (place.services, place.counters) == ((ServiceId("passport"),), (CounterId("1"),))
    assert (place.theme, place.columns, place.lines, place.waits) == (Theme.CONTRAST, 1, 8, False)
    assert (place.blank_from, place.blank_to, place.accent) == (time(18, 30), time(6, 30), "#1a5fb4")
    assert place.languages == ("de", "en")


def test_what_is_not_written_has_the_domains_defaults(tmp_path: Path) -> None:
    found = devices(tmp_path, KIOSK + DISPLAY)
    assert found.kiosks == {"door": KioskPlace("door", (HALL,))}
    assert found.displays == {"wall": DisplayPlace("wall", (HALL,))}


def test_a_device_may_serve_further_zones(tmp_path: Path) -> None:
    found = two_zones(tmp_path, KIOSK + 'zones = ["attic", "hall"]\n' + DISPLAY + 'zones = ["attic"]\n')
    assert found.devices.kiosks["door"].zones == found.devices.displays["wall"].zones == (HALL, ATTIC)
    assert found.office[HALL].kiosks == ("door",)


def test_counters_say_where_they_are(tmp_path: Path) -> None:
    place = 'services = ["*"]\narrow = "left"\nfloor = { de = "EG", en = "Ground" }\nroom = { de = "1", en = "1" }'
    (zone,) = office(tmp_path, changed(ZONE, 'services = ["*"]', place)).office.values()
    counter = zone.counters[CounterId("1")]
    assert (counter.arrow, counter.floor["en"], counter.room["de"]) == (Arrow.LEFT, "Ground", "1")


def test_topics_and_the_words_of_a_desk(tmp_path: Path) -> None:
    text = 'name = { de = "Etwas", en = "Something" }\n'
    more = f'\n[[topic]]\nid = "t"\n{text}services = ["permit"]\n'
    more += "".join(f'\n[[{table}]]\nid = "x"\n{text}' for table in ("outcome", "park_reason", "pause_reason"))
    (zone,) = office(tmp_path, ZONE + more).office.values()
    assert [(topic.id, topic.services) for topic in zone.topics] == [("t", (ServiceId("permit"),))]
    assert zone.desk.outcomes == zone.desk.park_reasons == zone.desk.pause_reasons
    assert zone.desk.outcomes["x"]["en"] == "Something"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (KIOSK + 'pin = "12"\n', "pin: a PIN has 4 to 8 digits, in quotes"),
        (KIOSK + 'zones = ["atic"]\n', "no zone 'atic'"),
        (KIOSK + 'near_closing = "stopp"\n', "'stopp' is none of warn, stop (did you mean stop?)"),
        (KIOSK + 'emergency_series = "a"\n', "series 'a' is a service's: emergency numbers need one of their own"),
        (KIOSK + 'printer = { address = "10.0.0.7" }\n', "'10.0.0.7' is no printer such as"),
        (KIOSK + 'printer = { address = "tcp://10.0.0.7:0" }\n', "is no printer such as"),
        (KIOSK + 'printer = { address = "usb://1:2" }\n', "is no printer such as"),
        (KIOSK + KIOSK, "kiosk 'door' is already in line"),
        (DISPLAY + 'accent = "blue"\n', "'blue' is no colour such as"),
        (DISPLAY + 'blank = "18:30"\n', "'18:30' is no time such as"),
        (DISPLAY + 'logo = "../secret.png"\n', "'../secret.png' is no file of the folder media"),
        (DISPLAY + 'services = ["pasport"]\n', "no service 'pasport' (did you mean passport?)"),
        (DISPLAY + 'counters = ["9"]\n', "no counter '9'"),
        (DISPLAY + 'medium = [{ kind = "page", source = "file:///etc/passwd" }]\n', "is no address of a page"),
        (DISPLAY + 'medium = [{ kind = "youtube", source = "dQw4w9WgXcQ" }]\n', "say youtube = true if you want that"),
        (DISPLAY + 'voice = { volumes = { "07:00" = 200 } }\n', "a loudness is 0 to 100, not 200"),
        (DISPLAY + "lines = 20\n", "lines"),
        (
            DISPLAY + 'notice = [{ text = { de = "x", en = "x" }, begins = 2026-02-02, ends = 2026-02-01 }]\n',
            "the notice ends (2026-02-01) before it begins (2026-02-02)",
        ),
    ],
    ids=lambda value: value.split("\n")[-2] if value.startswith("\n") else "",
)
def test_what_is_wrong_with_a_device_is_told_with_its_line(tmp_path: Path, more: str, message: str) -> None:
    assert message in zone_fault(tmp_path, more)


def test_missing_files_and_languages_that_the_zone_lacks_are_warnings(tmp_path: Path) -> None:
    more = KIOSK + 'languages = ["tr"]\n' + DISPLAY + 'medium = [{ kind = "image", source = "a.png" }]\n'
    warnings = [warning.message for warning in office(tmp_path, ZONE + more).warnings]
    assert warnings == ["'door': 'tr' is none of its zone's languages", "display 'wall': there is no file media/a.png"]


def test_the_texts_of_a_wall_need_no_more_than_its_languages(tmp_path: Path) -> None:
    more = 'ticker = { de = "Ausweis bereithalten" }\nnotice = [{ text = { de = "Wir schließen um elf" } }]\n'
    place = devices(tmp_path, DISPLAY + more).displays["wall"]
    assert (place.ticker, place.notices) == (
        {"de": "Ausweis bereithalten"},
        (Notice({"de": "Wir schließen um elf"}, None, None),),
    )
    assert "ticker: the text is missing in: en" in zone_fault(tmp_path, DISPLAY + 'languages = ["de", "en"]\n' + more)
    assert "the text is missing in: de" in zone_fault(tmp_path, DISPLAY + 'ticker = { en = "ID ready" }\n')
