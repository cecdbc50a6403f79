"""`websockets.broadcast()`: python -m benchmarks.stream.references.broadcast PORT TRIGGER_PORT FRAME_BYTES"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.typing import Subprotocol

from benchmarks.stream.references.event import Events, listen


async def main(port: int, trigger_port: int, size: int) -> None:
    events = Events(size)

    async def follow(connection: ServerConnection) -> None:
        await connection.wait_closed()

    protocols = [Subprotocol("wartezone.v1")]
    async with serve(
        follow, "127.0.0.1", port, subprotocols=protocols, compression=None, ping_interval=None, backlog=2048
    ) as server:
        await listen(trigger_port, lambda: broadcast(server.connections, events.next()))
        await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*map(int, sys.argv[1:])))
