"""A bare ASGI app that makes our FCALLs: python -m benchmarks.stream.references.bare_fcall PORT STORE_URL OFFICE ZONE

`/i...` issues a ticket, everything else calls the next.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import orjson
import uvicorn
import uvloop

from benchmarks.stream.references.moves import BareMoves, bare_moves
from queue_core.domain.model import ZoneId
from queue_core.office_file import load_office


def app(moves: BareMoves) -> Any:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        reply = await (moves.issue() if scope["path"].startswith("/i") else moves.call())
        body = orjson.dumps(reply)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        status = 200 if reply[0] == "done" else 409
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


async def main(port: int, url: str, office: Path, zone: str) -> None:
    moves = await bare_moves(url, load_office(office), ZoneId(zone))
    await uvicorn.Server(
        uvicorn.Config(app(moves), port=port, http="httptools", log_config=None, access_log=False, lifespan="off")
    ).serve()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
