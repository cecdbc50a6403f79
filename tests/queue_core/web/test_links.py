"""The visitor's own link: only ours is read, every other is the same 404."""

import pytest

from queue_core.domain.model import TicketId, ZoneId
from queue_core.web.links import Links, Own
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
