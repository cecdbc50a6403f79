"""Starlette on uvicorn, a loop of `send_text`: python -m benchmarks.stream.references.starlette_loop PORT TRIGGER_PORT
FRAME_BYTES"""

import asyncio
import sys

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from benchmarks.stream.references.event import Events, listen


class Room:
    def __init__(self, size: int) -> None:
        self._events, self._sockets = Events(size), set[WebSocket]()
        self._waiting = asyncio.Queue[str]()

    async def follow(self, socket: WebSocket) -> None:
        await socket.accept("wartezone.v1")
        self._sockets.add(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            self._sockets.discard(socket)

    def happened(self) -> None:
        self._waiting.put_nowait(self._events.next())

    async def send(self) -> None:
        while True:
            text = await self._waiting.get()
            for socket in list(self._sockets):
                await socket.send_text(text)


async def main(port: int, trigger_port: int, size: int) -> None:
    room = Room(size)
    await listen(trigger_port, room.happened)
    sending = asyncio.create_task(room.send())
    app = Starlette(routes=[WebSocketRoute("/", room.follow)])
    await uvicorn.Server(
        uvicorn.Config(
            app,
            port=port,
            ws="websockets-sansio",
            ws_ping_interval=None,
            ws_per_message_deflate=False,
            log_config=None,
            lifespan="off",
        )
    ).serve()
    sending.cancel()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*map(int, sys.argv[1:])))
