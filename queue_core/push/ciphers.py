"""What goes to a push service: encrypted for one phone (RFC 8291), and signed so that it knows whose it is (RFC 8292).

By the library of ciphers alone: what one message needs is shorter than the packages that would send it for us.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
#: How many keys there are on the curve.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_COORDINATE_BYTES = 32
_POINT_BYTES = 65
_SALT_BYTES, AUTH_BYTES, _CONTENT_KEY_BYTES, _CONTENT_NONCE_BYTES = 16, 16, 16, 12
_RECORD_BYTES = 4096
_LAST_RECORD = b"\x02"
_VALID_S = 12 * 3600


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Raises `ValueError`."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64 as e:
        raise ValueError("is not base64url") from e


def phone_key(text: str) -> ec.EllipticCurvePublicKey:
    """Raises `ValueError` for what is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(text))


def fault_of(key: str, auth: str) -> str:
    """What is wrong with what a browser gave; empty: nothing."""
    try:
        phone_key(key)
    except ValueError:
        return "p256dh: is no public key of this curve"
    try:
        right = len(decoded(auth)) == AUTH_BYTES
    except ValueError:
        right = False
    return "" if right else f"auth: must be {AUTH_BYTES} bytes in base64url"


def sealed(message: bytes, key: str, auth: str) -> bytes:
    """The body for the phone that gave `key` and `auth`; another one each time."""
    return sealed_by(ec.generate_private_key(_CURVE), secrets.token_bytes(_SALT_BYTES), message, key, auth)


def sealed_by(sender: ec.EllipticCurvePrivateKey, salt: bytes, message: bytes, key: str, auth: str) -> bytes:
    theirs, ours = phone_key(key), point(sender.public_key())
    shared = _mac(decoded(auth), sender.exchange(ec.ECDH(), theirs))
    first = _mac(salt, _mac(shared, b"WebPush: info\x00" + point(theirs) + ours + b"\x01"))
    content_key = _mac(first, b"Content-Encoding: aes128gcm\x00\x01")[:_CONTENT_KEY_BYTES]
    nonce = _mac(first, b"Content-Encoding: nonce\x00\x01")[:_CONTENT_NONCE_BYTES]
    head = salt + _RECORD_BYTES.to_bytes(4, "big") + bytes([_POINT_BYTES]) + ours
    return head + AESGCM(content_key).encrypt(nonce, message + _LAST_RECORD, None)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


class PushKeys:
    """The office's key, made from the installation's secret: nothing more to keep, and the same in every process."""

    def __init__(self, secret: bytes) -> None:
        drawn = hmac.digest(secret, b"wartezone push key", "sha512")
        self._private = ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, _CURVE)
        self.public = encoded(point(self._private.public_key()))

    def authorization(self, endpoint: str, now_s: int, contact: str) -> str:
        """For one push service, and for some hours. `contact`: whom it may write to."""
        service = urlsplit(endpoint)
        claims = {"aud": f"{service.scheme}://{service.netloc}", "exp": now_s + _VALID_S, "sub": contact}
        signed = ".".join(encoded(orjson.dumps(part)) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")
        return f"vapid t={signed}.{encoded(signature)}, k={self.public}"


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)
