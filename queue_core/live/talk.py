"""What one client says: put together from its pieces, not too often, and understood."""

from collections.abc import Mapping
from typing import Any

import orjson
from websockets.frames import Frame, Opcode

from queue_core.live.frames import Position
from queue_core.live.limits import Allowance, Limits

MISUNDERSTOOD_MOST = 3


class Talk:
    __slots__ = ("_allowance", "_is_text", "_misunderstood", "_pieces")

    def __init__(self, limits: Limits, now_s: float) -> None:
        self._allowance = Allowance(limits.messages_at_once, limits.messages_per_s, now_s)
        self._misunderstood = 0
        self._is_text = False
        self._pieces = b""

    def put_together(self, frame: Frame) -> Mapping[str, Any] | None:
        """The message that ends with this frame; {} for what is no JSON object in text. Raises `UnicodeDecodeError`."""
        if frame.opcode is not Opcode.CONT:
            self._is_text = frame.opcode is Opcode.TEXT
        self._pieces += frame.data
        if not frame.fin:
            return None
        whole, self._pieces = self._pieces, b""
        return _message(whole.decode()) if self._is_text else {}

    def may_say_more(self, now_s: float) -> bool:
        return self._allowance.spend(now_s)

    def misunderstood(self) -> bool:
        """Once more; True when that was once too often."""
        self._misunderstood += 1
        return self._misunderstood >= MISUNDERSTOOD_MOST


def understood(message: Mapping[str, Any]) -> tuple[str, Position | None]:
    """Why it makes no sense, or "", and what the client says that it shows."""
    match message:
        case {"type": "rendered", "epoch": int(epoch), "seq": int(seq)}:
            return "", Position(epoch, seq)
        case {"type": "auth", "token": str()}:
            return "", None
        case {"type": "rendered" | "auth"}:
            return "bad_fields", None
        case _:
            return "unknown_message", None


def _message(text: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return message if isinstance(message, dict) else {}
