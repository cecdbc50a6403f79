"""What a client may take: streams, messages, and how far it may lag."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`write_limit_bytes`: a client that lags by more is skipped until it has drained, and cut after `lag_most_s`.
    `ping_every_s`: one that gave no sign of life since the last ping is cut.
    `buffer_most_bytes`: one that makes us answer (pings) without reading is cut at once. `bytes_*`: what one may say,
    frames of all kinds: reading tiny ones is work."""

    clients_most: int = 20_000
    clients_per_ip_most: int = 500
    write_limit_bytes: int = 64 * 1024
    buffer_most_bytes: int = 256 * 1024
    lag_most_s: float = 60.0
    heartbeat_s: float = 5.0
    recheck_s: float = 4.0
    handshake_within_s: float = 10.0
    auth_within_s: float = 5.0
    ping_every_s: float = 20.0
    coalesce_s: float = 1.0
    messages_per_s: float = 10.0
    messages_at_once: int = 20
    bytes_per_s: float = 4 * 1024
    bytes_at_once: int = 16 * 1024


class TooMany(Exception):
    """`own`: of this address; else of all together."""

    def __init__(self, own: bool) -> None:
        super().__init__(own)
        self.own = own


class Seats:
    """Open streams, in all and by address."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_ip: Counter[str] = Counter()
        self._taken = 0

    def take(self, ip: str) -> None:
        """Raises `TooMany`; else give it back."""
        if self._taken >= self._limits.clients_most:
            raise TooMany(own=False)
        if self._by_ip[ip] >= self._limits.clients_per_ip_most:
            raise TooMany(own=True)
        self._taken += 1
        self._by_ip[ip] += 1

    def give_back(self, ip: str) -> None:
        self._taken -= 1
        self._by_ip[ip] -= 1
        if not self._by_ip[ip]:
            del self._by_ip[ip]

    def __len__(self) -> int:
        return self._taken


class Allowance:
    """A bucket, of messages or bytes, that fills again with time."""

    __slots__ = ("_at_s", "_left", "_most", "_per_s")

    def __init__(self, at_once: float, per_s: float, now_s: float) -> None:
        self._most, self._per_s = float(at_once), per_s
        self._left, self._at_s = self._most, now_s

    def spend(self, now_s: float, amount: float = 1) -> bool:
        """False when there is not so much left; nothing is taken then."""
        self._left = min(self._most, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < amount:
            return False
        self._left -= amount
        return True
