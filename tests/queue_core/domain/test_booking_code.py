import pytest

from queue_core.domain.booking_code import ALPHABET, KEYS, grouped, make, normalised, spelled
from queue_core.domain.model import BookingId

CODE = BookingId("K7M29QXT")


def test_a_code_has_eight_characters_that_nobody_takes_for_each_other() -> None:
    for _ in range(200):
        code = make()
        assert (len(code), code[4]) == (9, "-")
        assert set(code) - {"-"} <= set(ALPHABET)
        assert normalised(code) == code.replace("-", "")
    assert not set("0O1I") & set(ALPHABET)


def test_codes_are_random() -> None:
    assert len({make() for _ in range(500)}) == 500


@pytest.mark.parametrize(
    "text",
    [
        "K7M29QXT",
        "k7m2-9qxt",
        " K7M2 9QXT ",
        "K7M2–9QXT",
        "K7M2‑9QXT",
        "k7m2.9qxt",
        "]Q1K7M2-9QXT\r\n",
        "]C0K7M29QXT\t",
        "https://office.example/c/K7M2-9QXT",
        "http://127.0.0.1:8080/c/k7m29qxt/",
        "HTTPS://OFFICE.EXAMPLE/C/K7M2-9QXT",
        "https://office.example/kiosk?lang=de&code=K7M2-9QXT#top",
        "https://office.example/a/hall.K7M29QXT-0199abcdef0.c2lnbmF0dXJl?code=K7M29QXT",
    ],
    ids=lambda text: ascii(text),
)
def test_however_it_comes_it_is_one_code(text: str) -> None:
    assert normalised(text) == CODE


def test_what_looks_alike_is_alike() -> None:
    assert normalised("o0I1-abcd") == normalised("O0i1 ABCD") == "0011ABCD"


def test_every_code_can_be_typed() -> None:
    assert set(ALPHABET) <= set(KEYS)
    assert not {"O", "I"} & set(KEYS)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "abc", "x" * 33, "K7M2/9QXT", "=K7M29QXT", "K7M2\0QXT", "Ж7M29QXT", "https://office.example/", "ß" * 8],
    ids=lambda text: ascii(text)[:20],
)
def test_what_can_be_no_code_is_none(text: str) -> None:
    assert normalised(text) is None


@pytest.mark.parametrize("text", ["bk/2026 é", "]Q1bk/2026 é", "https://x.example/a/y?code=bk%2F2026+%C3%A9"])
def test_a_code_of_others_is_read_as_it_stands_there(text: str) -> None:
    assert spelled(text) == "bk/2026 é"


def test_codes_of_others_stay_as_they_are() -> None:
    assert normalised("bk-2026-001") == "BK2026001"
    assert grouped(BookingId("BK2026001")) == "BK2026001"
    assert grouped(CODE) == "K7M2-9QXT"
