"""Response headers that keep a page to itself: nothing inline, nothing from elsewhere, nobody's frame, nothing kept."""

import re
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")
_TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
_CSP = b"content-security-policy"


class SecurityHeaders:
    """Adds what a response does not set itself: the feed opens itself to other sites, a widget to frames."""

    def __init__(self, app: ASGIApp, tls: bool) -> None:
        self._app = app
        fixed = {**_FIXED, **(_TLS_ONLY if tls else {})}
        self._fixed = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]
        self._socket = "wss" if tls else "ws"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = (_CSP, content_security_policy(self._socket, _host(scope)))
                own = list(message.get("headers", ()))
                named = {name for name, _ in own}
                message["headers"] = own + [header for header in (*self._fixed, policy) if header[0] not in named]
            await send(message)

        await self._app(scope, receive, sending)


@lru_cache(maxsize=64)
def content_security_policy(scheme: str, host: str) -> bytes:
    """Older browsers do not count the own WebSocket as 'self'. What is no host gets no word in the policy."""
    stream_origin = f" {scheme}://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",
            "media-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"connect-src 'self'{stream_origin}",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    ).encode()


def _host(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
