"""Frames as they go over the wire, built once for all who get them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from queue_core.real_clock import real_ms

Json = Mapping[str, Any]

_TEXT = 0x81
_LENGTH_16, _LENGTH_64 = 126, 127


class Frame:
    """One JSON object; `ws` is a whole WebSocket text frame of a server, `sse` a whole server-sent event."""

    def __init__(self, json: bytes, event_id: str = "") -> None:
        self.json = json
        self._event_id = event_id

    @cached_property
    def ws(self) -> bytes:
        return _ws_header(len(self.json)) + self.json

    @cached_property
    def sse(self) -> bytes:
        event_id = f"id: {self._event_id}\n".encode() if self._event_id else b""
        return event_id + b"data: " + self.json + b"\n\n"


class Together(Frame):
    """Several frames for one write; `json` has one object a line."""

    def __init__(self, parts: Sequence[Frame]) -> None:
        super().__init__(b"\n".join(part.json for part in parts))
        self._parts = parts

    @cached_property
    def ws(self) -> bytes:
        return b"".join(part.ws for part in self._parts)

    @cached_property
    def sse(self) -> bytes:
        return b"".join(part.sse for part in self._parts)


def together(parts: Sequence[Frame]) -> Frame:
    return parts[0] if len(parts) == 1 else Together(parts)


def _ws_header(length: int) -> bytes:
    if length < _LENGTH_16:
        return bytes([_TEXT, length])
    if length < 1 << 16:
        return bytes([_TEXT, _LENGTH_16]) + length.to_bytes(2, "big")
    return bytes([_TEXT, _LENGTH_64]) + length.to_bytes(8, "big")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """What a client has: everything up to this event of the log, as far as its view shows it."""

    epoch: int
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Raises `ValueError`."""
        epoch, _, seq = text.partition("-")
        if not (epoch.isdecimal() and seq.isdecimal()):
            raise ValueError(f"no position: {text!r}")
        return cls(int(epoch), int(seq))


class EventFrame:
    """An event in a view. `prev` is the position that whoever gets it has, so there is a frame for each."""

    def __init__(self, here: Position, prev: int, event: Json, patch: Json) -> None:
        self.here, self.prev = here, prev
        self._head = f'{{"type":"event","epoch":{here.epoch},"seq":{here.seq},"prev":'.encode()
        rest = orjson.dumps({"sent_ms": real_ms(), "event": event, "patch": patch})
        self._tail = b"," + rest[1:]
        self._after: dict[int, Frame] = {}
        self.frame = self.after(prev)

    def after(self, prev: int) -> Frame:
        if prev not in self._after:
            self._after[prev] = Frame(self._head + str(prev).encode() + self._tail, str(self.here))
        return self._after[prev]


def snapshot(here: Position, state: Json) -> Frame:
    head = {"type": "snapshot", "epoch": here.epoch, "seq": here.seq, "sent_ms": real_ms()}
    return Frame(orjson.dumps({**head, "state": state}), str(here))


def estimates(as_of: Position, patch: Json) -> Frame:
    head = {"type": "estimates", "epoch": as_of.epoch, "as_of_seq": as_of.seq, "sent_ms": real_ms()}
    return Frame(orjson.dumps({**head, "patch": patch}))


def plain(kind: str, **fields: Any) -> Frame:
    return Frame(orjson.dumps({"type": kind, **fields}))
