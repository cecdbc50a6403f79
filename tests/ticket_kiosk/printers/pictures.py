"""Pictures to print: black and white noise, so that a row that is lost or doubled is seen."""

import socket
from dataclasses import dataclass
from random import Random

from PIL.Image import Image, frombytes

WIDTH = 576


def ticket(height: int = 300, seed: int = 1) -> Image:
    return frombytes("1", (WIDTH, height), Random(seed).randbytes(WIDTH // 8 * height))


@dataclass
class SentOnly:
    """A line that is left before anything is asked."""

    connection: socket.socket

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def heard(self, until_s: float) -> bytes:
        raise AssertionError(f"nothing is asked, {until_s}")

    def close(self) -> None:
        self.connection.close()
