"""Starlette answering prebuilt bytes: python -m benchmarks.stream.references.bare_http PORT BYTES...

`/0`, `/1`, ... answer a body of the first, second, ... size, or 304 to an If-None-Match.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ETAG = '"bare"'


def answers(size: int) -> Callable[[Request], Awaitable[Response]]:
    body, headers = b"x" * size, {"ETag": ETAG, "Cache-Control": "public, max-age=5"}

    async def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == ETAG:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    return answer


def main(port: int, *sizes: int) -> None:
    app = Starlette(routes=[Route(f"/{n}", answers(size)) for n, size in enumerate(sizes)])
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, http="httptools", log_config=None, access_log=False, lifespan="off")
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server.serve())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
