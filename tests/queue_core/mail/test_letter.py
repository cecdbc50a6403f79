"""Letters, as a mail program reads them."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from queue_core.mail.due import Kind
from queue_core.mail.letter import Envelope, letter
from queue_core.web.words import ORDER, direction
from tests.queue_core.mail.test_calendar import ENTRY, LINK, NOW_MS
from tests.support.zones import text

ENVELOPE = Envelope("termine@example.de", "anna@example.org")


@pytest.mark.parametrize("language", ORDER)
@pytest.mark.parametrize("kind", Kind)
def test_every_letter_is_whole_in_every_language(kind: Kind, language: str) -> None:
    entry = replace(ENTRY, language=language, is_cancelled=kind is Kind.CANCELLED)
    sent = letter(entry, kind, ENVELOPE, NOW_MS).as_bytes()
    read = message_from_bytes(sent, policy=default)
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain
    assert html
    assert "10:20" in read["subject"]
    assert (LINK in plain.get_content()) == (kind is not Kind.CANCELLED)
    assert f'dir="{direction(language)}"' in html.get_content()
    assert read["auto-submitted"] == "auto-generated"
    assert b"http-equiv" not in sent


@pytest.mark.parametrize(
    ("kind", "method"),
    [(Kind.BOOKED, "PUBLISH"), (Kind.MOVED, "PUBLISH"), (Kind.CANCELLED, "CANCEL"), (Kind.REMINDER, None)],
)
def test_what_changes_a_calendar_brings_the_file_for_it(kind: Kind, method: str | None) -> None:
    sent = letter(replace(ENTRY, is_cancelled=kind is Kind.CANCELLED), kind, ENVELOPE, NOW_MS)
    files = list(sent.iter_attachments())
    assert [Calendar.from_ical(file.get_content())["method"] for file in files] == ([method] if method else [])
    assert [file.get_content_type() for file in files] == (["text/calendar"] if method else [])


def test_the_subject_does_not_say_what_it_is_about() -> None:
    assert "New" not in letter(ENTRY, Kind.BOOKED, ENVELOPE, NOW_MS)["subject"]


def test_the_same_letter_has_the_same_id_and_another_one_another() -> None:
    ids = [letter(ENTRY, kind, ENVELOPE, NOW_MS + n)["message-id"] for kind in Kind for n in range(2)]
    assert len(set(ids)) == len(Kind)
    assert letter(replace(ENTRY, sequence=1), Kind.MOVED, ENVELOPE, NOW_MS)["message-id"] not in ids


def test_what_the_office_wrote_is_text_in_html() -> None:
    hall = replace(ENTRY.zone, name=text('<b>"Hall" & more</b>'))
    html = letter(replace(ENTRY, zone=hall), Kind.BOOKED, ENVELOPE, NOW_MS).get_body(("html",))
    assert html
    assert "<b>" not in html.get_content()


@pytest.mark.parametrize("address", ["anna@example.org\r\nBcc: b@example.org", "anna@example.org\nX: y"])
def test_a_header_cannot_be_added(address: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline|CR|header"):
        letter(ENTRY, Kind.BOOKED, replace(ENVELOPE, recipient=address), NOW_MS)
