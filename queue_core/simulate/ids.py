"""Ids drawn from a seed, for an engine whose log must come out the same every time. Never for a real office."""

from random import Random

from queue_core.domain.model import BlockId, BookingId, TicketId


class SeededIds:
    def __init__(self, seed: str) -> None:
        self._random = Random(f"{seed} ids")

    def ticket(self) -> TicketId:
        return TicketId(f"{self._random.getrandbits(72):018x}")

    def booking(self) -> BookingId:
        return BookingId(f"{self._random.getrandbits(40):010X}")

    def block(self) -> BlockId:
        return BlockId(f"{self._random.getrandbits(48):012x}")

    def command(self) -> str:
        return f"{self._random.getrandbits(48):012x}"
