"""Against the standard's own example, and against a phone that opens what it gets."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from queue_core.push.ciphers import PushKeys, decoded, encoded, fault_of, point, sealed, sealed_by
from tests.support.push_service import PushService

#: RFC 8291, appendix A.
_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
_AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
_SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
_SALT = "DGv6ra1nlYgDCS1FRnbzlw"
_CLEAR = b"When I grow up, I want to be a watermelon"
_SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_standards_example_comes_out_byte_for_byte() -> None:
    sender = ec.derive_private_key(int.from_bytes(decoded(_SENDER)), ec.SECP256R1())
    assert encoded(sealed_by(sender, decoded(_SALT), _CLEAR, _KEY, _AUTH)) == _SEALED


def test_a_phone_opens_what_is_sealed_for_it_and_no_two_are_alike() -> None:
    phone = PushService()
    keys = phone.keys
    bodies = [sealed("Bitte kommen Sie: Schalter 3 ☺".encode(), keys["p256dh"], keys["auth"]) for _ in range(2)]
    assert {phone.opened(body).decode() for body in bodies} == {"Bitte kommen Sie: Schalter 3 ☺"}
    assert bodies[0] != bodies[1]


def test_the_offices_key_follows_from_its_secret_alone() -> None:
    assert PushKeys(b"a" * 32).public == PushKeys(b"a" * 32).public
    assert PushKeys(b"a" * 32).public != PushKeys(b"b" * 32).public


def test_a_push_service_sees_whose_message_it_is_for_whom_and_until_when() -> None:
    keys = PushKeys(b"a" * 32)
    signed = keys.authorization("https://push.example.org:8443/x?y", 1000, "mailto:it@example.de")
    claims = PushService().claimed(signed)
    assert claims == {
        "aud": "https://push.example.org:8443",
        "exp": 1000 + 12 * 3600,
        "sub": "mailto:it@example.de",
        "key": keys.public,
    }


def test_a_signature_of_another_office_is_none() -> None:
    ours, theirs = PushKeys(b"a" * 32), PushKeys(b"b" * 32)
    signed = ours.authorization("https://push.example.org/x", 0, "mailto:it@example.de")
    with pytest.raises(InvalidSignature):
        PushService().claimed(signed.replace(ours.public, theirs.public))


_POINT = encoded(point(ec.generate_private_key(ec.SECP256R1()).public_key()))


@pytest.mark.parametrize(
    ("key", "auth", "names"),
    [
        (_POINT, _AUTH, ""),
        ("", _AUTH, "p256dh"),
        ("AAAA", _AUTH, "p256dh"),
        (_POINT[:-4] + "AAAA", _AUTH, "p256dh"),
        (_POINT, "AAAA", "auth"),
        (_POINT, "ä", "auth"),
    ],
    ids=["right", "none", "short", "no-point", "short-auth", "no-base64"],
)
def test_what_a_browser_gave_is_looked_at_before_it_is_kept(key: str, auth: str, names: str) -> None:
    assert fault_of(key, auth).partition(":")[0] == names
