"""Response headers that keep a page to itself: nothing inline, nothing from elsewhere, nobody's frame, nothing kept."""

import re
from functools import lru_cache

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
_FRAME_OPTIONS = b"x-frame-options"
NO_FRAME, ANY_FRAME = "'none'", "*"
_OPENED = f"frame-ancestors {ANY_FRAME}".encode()


#: Of documents for programs: a browser that shows one as a page loads nothing and runs nothing.
DOCUMENT_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

RawHeaders = list[tuple[bytes, bytes]]


class SecurityHeaders:
    """Adds what an answer does not set itself: the feed opens itself to other sites, a widget to frames."""

    def __init__(self, tls: bool) -> None:
        fixed = {**_FIXED, **(_TLS_ONLY if tls else {})}
        self._fixed = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]
        self._socket = "wss" if tls else "ws"

    def around(self, own: RawHeaders, host: str = "") -> RawHeaders:
        """`host` as the request names it; a document's own policy needs none."""
        named = {name for name, _ in own}
        if any(name == _CSP and _OPENED in value for name, value in own):
            named.add(_FRAME_OPTIONS)  # it knows no such word, and old browsers would heed it alone
        added = [header for header in self._fixed if header[0] not in named]
        if _CSP not in named:
            added.append((_CSP, content_security_policy(self._socket, host)))
        return own + added


@lru_cache(maxsize=64)
def content_security_policy(scheme: str, host: str, frames: str = NO_FRAME) -> bytes:
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
            f"frame-ancestors {frames}",
            "base-uri 'none'",
        )
    ).encode()
