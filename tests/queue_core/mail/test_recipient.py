"""What is taken for an address, and how it is kept."""

import pytest

from queue_core.mail.recipient import Seal, mail_address

SEAL = Seal(b"s" * 32)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("anna@example.de", "anna@example.de"),
        ("  Anna.B+termin@mail.example.de ", "Anna.B+termin@mail.example.de"),
        ("o'neil@example.ie", "o'neil@example.ie"),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
    ],
    ids=["plain", "spaces and plus", "apostrophe", "umlaut in the domain"],
)
def test_an_address_is_taken(typed: str, address: str) -> None:
    assert mail_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "@example.de",
        "anna@",
        "anna@example",
        "anna@@example.de",
        "anna@example.de, all@example.de",
        "anna@example.de\r\nBcc: all@example.de",
        "anna@example.de\nDATA",
        "anna\r\n@example.de",
        "anna\0@example.de",
        '"anna b"@example.de',
        "<anna@example.de>",
        ".anna@example.de",
        "an..na@example.de",
        "änna@example.de",
        "anna@-example.de",
        "anna@exam ple.de",
        "anna@127.0.0.1",
        "anna@[127.0.0.1]",
        f"{'a' * 65}@example.de",
        f"anna@{'a' * 64}.de",
        f"anna@{'a.' * 130}de",
        "anna@example..de",
    ],
    ids=repr,
)
def test_what_is_no_address_or_could_be_two_is_not_taken(typed: str) -> None:
    assert mail_address(typed) is None


def test_a_sealed_address_is_opened_for_its_own_appointment_alone() -> None:
    sealed = SEAL.close("anna@example.de", "hall K7M29QXT")
    assert "anna" not in sealed
    assert SEAL.open(sealed, "hall K7M29QXT") == "anna@example.de"
    assert SEAL.open(sealed, "hall OTHER") is None
    assert Seal(b"t" * 32).open(sealed, "hall K7M29QXT") is None


def test_the_same_address_is_sealed_otherwise_each_time_but_counted_as_one() -> None:
    assert SEAL.close("anna@example.de", "hall A") != SEAL.close("anna@example.de", "hall A")
    assert SEAL.fingerprint("Anna@example.de") == SEAL.fingerprint("anna@example.de")
    assert SEAL.fingerprint("anna@example.de") != Seal(b"t" * 32).fingerprint("anna@example.de")
