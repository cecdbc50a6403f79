"""The visitor's own link: only ours is read, every other is the same 404."""

import pytest

from queue_core.domain.model import Booking, BookingId, ClassId, ServiceId, TicketId, ZoneId
from queue_core.web.links import BookingLinks, Links, Own, OwnBooking
from queue_core.web.problems import Problem

LINKS = Links(b"s" * 32)
OWN = Own(ZoneId("hall"), TicketId("6OYI4ins-_R8"))


def test_a_link_names_its_ticket_and_is_always_the_same() -> None:
    link = LINKS.link(OWN.zone, OWN.ticket)
    assert LINKS.read(link) == OWN
    assert LINKS.path(OWN.zone, OWN.ticket) == f"/t/{link}"


def test_its_signature_has_more_than_128_bits() -> None:
    assert len(LINKS.link(OWN.zone, OWN.ticket).rpartition(".")[2]) * 6 >= 128


@pytest.mark.parametrize(
    "link",
    [
        "",
        ".",
        "..",
        "hall",
        "hall.6OYI4ins-_R8.",
        "hall.6OYI4ins-_R8.AAAAAAAAAAAAAAAAAAAAAAAA",
        LINKS.link(OWN.zone, OWN.ticket)[:-1],
        LINKS.link(OWN.zone, OWN.ticket) + "A",
        "other" + LINKS.link(OWN.zone, OWN.ticket)[4:],
        Links(b"t" * 32).link(OWN.zone, OWN.ticket),
        "ü.ü.ü",
    ],
)
def test_any_other_link_is_the_same_404(link: str) -> None:
    with pytest.raises(Problem) as raised:
        LINKS.read(link)
    assert (raised.value.status, raised.value.code) == (404, "not_found")


@pytest.mark.parametrize("booking", ["K7M29QXT", "another.system/17"])
def test_an_appointment_has_a_link_of_its_own(booking: str) -> None:
    links, own = BookingLinks(b"s" * 32), OwnBooking(ZoneId("hall"), BookingId(booking), 1_893_456_000_000)
    link = links.link(own.zone, own.booking, own.made_ms)
    assert links.read(link) == own
    assert links.path(own.zone, own.booking, own.made_ms) == f"/a/{link}"


def test_a_link_is_for_the_appointment_that_had_the_code_when_it_was_made() -> None:
    links, code = BookingLinks(b"s" * 32), BookingId("K7M29QXT")
    own = links.read(links.link(OWN.zone, code, 5))
    assert own.names(Booking(code, ServiceId("new"), ClassId("normal"), 9, made_ms=5))
    assert not own.names(Booking(code, ServiceId("new"), ClassId("normal"), 9, made_ms=6))


@pytest.mark.parametrize("code", ["K7M29QXT", "AB-12", "17"])
def test_a_link_that_an_earlier_release_mailed_opens_its_appointment_and_no_later_one(code: str) -> None:
    links = BookingLinks(b"s" * 32)
    own = links.read(links.link(OWN.zone, BookingId(code), 0))
    assert own.names(Booking(BookingId(code), ServiceId("new"), ClassId("normal"), 9))
    assert not own.names(Booking(BookingId(code), ServiceId("new"), ClassId("normal"), 9, made_ms=6))


def test_a_link_of_an_earlier_release_is_the_same_as_it_was() -> None:
    link = BookingLinks(b"s" * 32).link(OWN.zone, BookingId("K7M29QXT"), 0)
    assert link == "hall.K7M29QXT.3KlRGhjFtdbpxebuwgSHZreE"


def test_a_ticket_s_link_opens_no_appointment_and_the_other_way_round() -> None:
    links = BookingLinks(b"s" * 32)
    with pytest.raises(Problem):
        links.read(LINKS.link(OWN.zone, OWN.ticket))
    with pytest.raises(Problem):
        LINKS.read(links.link(OWN.zone, BookingId(OWN.ticket), 5))
