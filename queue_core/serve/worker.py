"""The background worker beside the server: one child process, started again when it dies, gone when we are."""

import asyncio
import logging

from queue_core.serve.child import FIRST_PAUSE_S, LONGEST_PAUSE_S, Child, Pauses, Program, environment_of
from queue_core.settings import Settings

log = logging.getLogger(__name__)

COMMAND = ("worker", "--clock")
STOP_WITHIN_S = 5.0


class WorkerChild:
    """Issuing, calling and rollover never wait for it; a dead worker only delays jobs."""

    def __init__(self, settings: Settings, store_url: str) -> None:
        self._program = Program(COMMAND, dict(environment_of(settings, store_url)), STOP_WITHIN_S)

    async def run(self) -> None:
        """Keeps the worker alive until cancelled."""
        pauses, child = Pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S), None
        try:
            while True:
                child = await Child.spawn(self._program)
                pauses.born()
                code = await child.ended()
                pause_s = pauses.after_death()
                log.warning("the background worker ended with %s; again in %.0f s", code, pause_s)
                await asyncio.sleep(pause_s)
        finally:
            if child:
                await child.end()
