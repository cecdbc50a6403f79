"""A push service on the loopback and a phone behind it: it reads what arrives, and checks who sent it."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_core.push.ciphers import decoded, encoded, phone_key, point
from tests.support.web_server import free_listener, serving

AUTH = bytes(range(16))


@dataclass
class PushService:
    """Answers as told, one after the other, then 201. `got`: what was said to the phone; `claims`: by whom."""

    address: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def endpoint(self) -> str:
        return f"{self.address}/push/phone"

    @property
    def keys(self) -> dict[str, str]:
        """What the phone's browser gives."""
        return {"p256dh": encoded(point(self.private.public_key())), "auth": encoded(AUTH)}

    async def take(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        self.claims.append(self.claimed(request.headers["authorization"]))
        self.got.append(orjson.loads(self.opened(await request.body())))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 201)

    def opened(self, body: bytes) -> bytes:
        """By RFC 8188 and 8291, from the phone's side."""
        salt, theirs, sealed = body[:16], body[21:86], body[86:]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = _mac(AUTH, self.private.exchange(ec.ECDH(), sender))
        info = b"WebPush: info\x00" + point(self.private.public_key()) + theirs + b"\x01"
        first = _mac(salt, _mac(shared, info))
        key = _mac(first, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _mac(first, b"Content-Encoding: nonce\x00\x01")[:12]
        clear = AESGCM(key).decrypt(nonce, sealed, None)
        assert clear.endswith(b"\x02")
        return clear[:-1]

    def claimed(self, authorization: str) -> dict[str, Any]:
        """What the sender's signature stands for; raises when it is not by the key that is named."""
        scheme, _, rest = authorization.partition(" ")
        named = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed, _, signature = named["t"].rpartition(".")
        raw = decoded(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        phone_key(named["k"]).verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
        assert scheme == "vapid"
        claims: dict[str, Any] = orjson.loads(decoded(signed.split(".")[1]))
        return {**claims, "key": named["k"]}


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service, listener = PushService(), free_listener()
    service.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving(Starlette(routes=[Route("/push/phone", service.take, methods=["POST"])]), listener):
        yield service


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)
