"""Plays a zone's day past the server: as many visits as wanted, as fast as the store's functions go."""

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import hiredis

from benchmarks.stream.references.moves import COMMAND_CHARS, NUMBER_CHARS, bare_moves
from queue_core.domain.model import ZoneId
from queue_core.domain.office import Office
from queue_core.store.opened import open_store

#: Visits a batch; the store answers one batch while the next is written.
BATCH = 500
#: issued, called; and, of the visit before, started and finished.
EVENTS_A_VISIT = 4
_READ_BYTES = 1 << 20
_MARK = "@" * NUMBER_CHARS
_MARKS = b"@{%d,%d}" % (COMMAND_CHARS, NUMBER_CHARS)
_WHOLE, _END = b"%d" % NUMBER_CHARS, b"%d" % COMMAND_CHARS

Packed = Callable[[int], bytes]


async def fill(url: str, office: Office, zone: ZoneId, visits: range) -> None:
    """The store's every move is real: the same functions, with arguments that were taped once. `visits` are numbers
    that no visit of the day has had."""
    async with open_store(url):
        moves = await bare_moves(url, office, zone)
        await moves.client.aclose()
    packed = _packed(moves.issue_call(_MARK)), _packed(moves.next_call(_MARK))
    with socket.socket(socket.AF_UNIX) as store:
        store.connect(unquote(urlsplit(url).path))
        reader, due = hiredis.Reader(), 0
        for sent in _sent(store, packed, visits):
            _take(store, reader, due)
            due = sent
        _take(store, reader, due)


def _sent(store: socket.socket, packed: Sequence[Packed], visits: range) -> Iterator[int]:
    """Writes batch by batch; how many answers each brings."""
    for first in range(0, len(visits), BATCH):
        batch = visits[first : first + BATCH]
        store.sendall(b"".join(pack(number) for number in batch for pack in packed))
        yield len(packed) * len(batch)


def _take(store: socket.socket, reader: hiredis.Reader, answers: int) -> None:
    while answers:
        answer = reader.gets()
        if answer is False:
            reader.feed(store.recv(_READ_BYTES))
        elif isinstance(answer, Exception) or answer[0] != b"done":
            raise RuntimeError(f"the store answers {answer!r}")
        else:
            answers -= 1


def _packed(call: Sequence[Any]) -> Packed:
    """The FCALL as bytes, made once; only its marked places change."""
    words = [str(word).encode() for word in ("FCALL", *call)]
    whole = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)
    form = re.sub(_MARKS, lambda mark: b"%%(%d)b" % len(mark[0]), whole.replace(b"%", b"%%"))

    def pack(number: int) -> bytes:
        text = b"%0*d" % (NUMBER_CHARS, number)
        return form % {_WHOLE: text, _END: text[-COMMAND_CHARS:]}

    return pack
