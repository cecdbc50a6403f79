"""The printer without paper leaves nothing open behind it."""

import asyncio
import socket

import pytest

from ticket_kiosk.printers.fake import fake_printer

HUNG_UP_WITHIN_S = 10


@pytest.mark.parametrize("turns", range(8))
async def test_who_comes_just_when_it_is_unplugged_is_hung_up_on(turns: int) -> None:
    """However far the connection has come by then: accepted, met, listened to."""
    async with fake_printer() as fake:
        with socket.create_connection(("127.0.0.1", fake.port), HUNG_UP_WITHIN_S) as line:
            for _ in range(turns):
                await asyncio.sleep(0)
            await fake.close()
            assert await asyncio.to_thread(_is_hung_up, line)


def _is_hung_up(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
