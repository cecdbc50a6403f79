"""Who may speak to the agent: the browser on this machine, showing the agent's own page, and nobody else.

Listening on loopback alone is not enough: any page in any browser here can send a request to this port, and a name of
somebody's can lead to it (DNS rebinding).
"""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_OWN = frozenset({"same-origin", "none"})
_BODY_MOST_BYTES = 64 * 1024
_SAFE = frozenset({"GET", "HEAD"})
#: Whoever passes such a path on is led to another one than was asked for.
_DOTS = frozenset({".", ".."})
#: The server's own answers bring their headers along; these are for the agent's.
_FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class Gate:
    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = frozenset(f"{name}:{port}" for name in _NAMES) | (
            frozenset(_NAMES) if port == 80 else frozenset()
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal:
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _FIXED if h[0] not in named)]
            await send(message)

        await self._app(scope, receive, with_headers)

    def _refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str] | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return 400, "This agent is not known by that name."
        if origin is not None and origin != f"http://{host}":
            return 403, "Only the agent's own page may ask."
        site = headers.get("sec-fetch-site", "none")
        if site not in _OWN and (method not in _SAFE or headers.get("sec-fetch-mode") != "navigate"):
            return 403, "Only the agent's own page may ask."
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > _BODY_MOST_BYTES:
            return 413, "Too large."
        if _DOTS & set(path.split("/")):
            return 404, "There is nothing here."
        return None
