"""The house's speech: a text in, a WAV file out, made once, never on the event loop."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from queue_core.speech.kept import KeptInMemory, KeptOnDisk, sound_key
from queue_core.speech.port import CannotSay, Engine
from queue_core.speech.text import cleaned
from queue_core.speech.wave import finished

log = logging.getLogger(__name__)

#: So many different texts may wait to be made; a hall has a few, a kiosk's screen about ten.
_WAITING_MOST = 64
#: Of texts that are no calls: who asks for many long ones must not silence the walls.
_IDLE_WAITING_MOST = 16


class SpeechBusy(Exception):
    """Too many texts wait to be spoken."""


@dataclass(frozen=True, slots=True)
class Spoken:
    wav: bytes
    #: The same as long as the sound is.
    key: str


class Speech:
    """`engines`: the first that can say a text says it."""

    def __init__(self, engines: Sequence[Engine], memory: KeptInMemory, disk: KeptOnDisk) -> None:
        self._engines, self._memory, self._disk = tuple(engines), memory, disk
        self._edition = "+".join(engine.edition for engine in engines)
        self._making: dict[str, asyncio.Task[bytes]] = {}
        self._thread: ThreadPoolExecutor | None = None

    def known(self, language: str, text: str) -> Spoken | None:
        """What lies in memory already."""
        key = self._key(language, text)
        found = self._memory.get(key)
        return Spoken(found, key) if found else None

    async def say(self, language: str, text: str, is_call: bool = True) -> Spoken:
        """Raises `CannotSay` and `SpeechBusy`. Whoever asks for what is being made waits for that. A call still finds
        room where other texts do not."""
        key = self._key(language, text)
        found = self._memory.get(key)
        if found is None:
            most = _WAITING_MOST if is_call else _IDLE_WAITING_MOST
            found = await asyncio.shield(self._made(key, language, cleaned(text), most))
            self._memory.put(key, found)
        return Spoken(found, key)

    async def close(self) -> None:
        for task in self._making.values():
            task.cancel()
        if self._thread:
            thread, self._thread = self._thread, None
            await asyncio.get_running_loop().run_in_executor(thread, self._close_engines)
            thread.shutdown()

    def _key(self, language: str, text: str) -> str:
        return sound_key(self._edition, language, cleaned(text))

    def _made(self, key: str, language: str, text: str, waiting_most: int) -> asyncio.Task[bytes]:
        if key not in self._making:
            if len(self._making) >= waiting_most:
                raise SpeechBusy
            self._making[key] = task = asyncio.create_task(self._in_thread(key, language, text))
            task.add_done_callback(partial(self._done, key))
        return self._making[key]

    def _done(self, key: str, task: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if not task.cancelled():
            task.exception()  # told to whoever still waits, and to nobody else

    async def _in_thread(self, key: str, language: str, text: str) -> bytes:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "speech")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._found, key, language, text)

    def _found(self, key: str, language: str, text: str) -> bytes:
        kept = self._disk.get(key)
        if kept is None:
            kept = self._rendered(language, text)
            self._disk.put(key, kept)
        return kept

    def _rendered(self, language: str, text: str) -> bytes:
        if not text:
            raise CannotSay("there is nothing to say")
        faults = []
        for engine in self._engines:
            try:
                return finished(engine.render(language, text))
            except CannotSay as error:
                faults.append(str(error))
        log.warning("a text in %s cannot be spoken: %s", language, "; ".join(faults))
        raise CannotSay("; ".join(faults) or "this office does not speak")

    def _close_engines(self) -> None:
        for engine in self._engines:
            engine.close()
