"""What the agent passes on to the server, and how its answers come back. What has no route here is not passed on."""

from collections.abc import AsyncIterator

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from queue_core.web.problems import RETRY_AFTER_S
from ticket_kiosk.agent.copies import Copy
from ticket_kiosk.agent.link import Link

#: Of the browser's headers. Host, Origin, cookies and Sec-Fetch are the agent's matter: its token is what the server
#: knows it by.
_ASKED = ("accept", "accept-language", "content-type", "idempotency-key", "last-event-id", "if-none-match")
#: Of the server's headers; what belongs to one connection (RFC 9110, 7.6.1) and cookies stay where they are.
_ANSWERED = (
    "content-type",
    "content-security-policy",
    "permissions-policy",
    "cache-control",
    "etag",
    "retry-after",
    "x-request-id",
)


def headers_of(request: Request) -> dict[str, str]:
    return {name: request.headers[name] for name in _ASKED if name in request.headers}


async def forwarded(link: Link, request: Request) -> Response:
    """The server's answer to the same request; 503 while it is away."""
    answer = await link.ask(
        request.method,
        request.url.path,
        params=dict(request.query_params),
        headers=headers_of(request),
        content=await request.body(),
        raw=request.method != "POST",
    )
    return passed(answer) if answer is not None else away()


def passed(answer: httpx.Response) -> Response:
    """Where the server leads elsewhere, that is not for this browser: it would show a page that it cannot use."""
    if answer.is_redirect:
        return problem(502, "not_let_in", "The server does not let this kiosk's agent in: its device token is wrong.")
    return Response(answer.content, answer.status_code, _kept(answer))


def copied(copy: Copy) -> Response:
    return Response(copy.content, 200, copy.headers)


async def streamed(link: Link, request: Request) -> Response:
    """Server-sent events as they come, for as long as both sides stay."""
    if not link.up:
        return away()
    answer = await link.opened(request.url.path, request.url.query, headers_of(request))
    if answer is None:
        return away()
    if not answer.is_success:
        await answer.aclose()
        return Response(status_code=answer.status_code)
    return StreamingResponse(_parts(answer), answer.status_code, _kept(answer))


async def _parts(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for part in answer.aiter_raw():
            yield part
    except httpx.TransportError:
        return  # the server is gone: the stream ends here too, and the page asks again
    finally:
        await answer.aclose()


def away() -> Response:
    answer = problem(503, "server_away", "The server does not answer right now.")
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def problem(status: int, code: str, detail: str) -> Response:
    """As the server's own (RFC 9457)."""
    from queue_core.web.problems import Problem

    return Problem(status, code, detail).response()


def _kept(answer: httpx.Response) -> dict[str, str]:
    return {name: answer.headers[name] for name in _ANSWERED if name in answer.headers}
