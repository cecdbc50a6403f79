"""What clients say over WebSocket. `websockets` reads it; one reader serves all who speak in whole, short frames."""

from websockets.protocol import OPEN
from websockets.server import ServerProtocol

MESSAGE_MOST_BYTES = 4 * 1024

_FIN = _MASKED = 0x80
_LENGTH = _MASKED - 1
_MASKED_HEAD_BYTES = 6
_SHORT_MOST = 125


def open_protocol() -> ServerProtocol:
    return ServerProtocol(state=OPEN, max_size=MESSAGE_MOST_BYTES)


def is_whole(data: bytes) -> bool:
    """One short frame of a client, the first and last of its message: once it is read, nothing is left of it."""
    return (
        len(data) >= _MASKED_HEAD_BYTES
        and data[0] & _FIN != 0
        and data[1] & _MASKED != 0
        and data[1] & _LENGTH <= _SHORT_MOST
        and len(data) == _MASKED_HEAD_BYTES + (data[1] & _LENGTH)
    )


class Readers:
    """A reader of one's own costs kilobytes; a viewer says nothing but a pong now and then."""

    def __init__(self) -> None:
        self._shared = open_protocol()

    def read(self, own: ServerProtocol | None, data: bytes) -> tuple[ServerProtocol, bool]:
        """The reader that has read it, and whether it is the client's own from now on."""
        if own is not None or not is_whole(data):
            own = own or open_protocol()
            own.receive_data(data)
            return own, True
        reader = self._shared
        reader.receive_data(data)
        if reader.state is OPEN:
            return reader, False
        self._shared = open_protocol()
        return reader, True
