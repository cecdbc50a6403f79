"""The event that references send: of a given size, numbered as ours are, so that the same client checks the order."""

import asyncio
from collections.abc import Callable
from itertools import count


class Events:
    def __init__(self, size: int) -> None:
        self._size, self._numbers = size, count(1)

    def next(self) -> str:
        seq = next(self._numbers)
        head = f'{{"type":"event","epoch":1,"seq":{seq},"prev":{seq - 1},"pad":"'
        return head + "x" * (self._size - len(head) - 2) + '"}'


class Trigger(asyncio.DatagramProtocol):
    """A datagram stands for an event that happened."""

    def __init__(self, happened: Callable[[], object]) -> None:
        self._happened = happened

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002
        self._happened()


async def listen(port: int, happened: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Trigger(happened), local_addr=("127.0.0.1", port))
