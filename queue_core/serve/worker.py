"""The background worker beside the server: one child process, started again when it dies, gone when we are."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from queue_core.settings import Settings
from queue_core.store.embedded.launcher import launcher_command

log = logging.getLogger(__name__)

WORKER = ("-m", "queue_core", "worker", "--clock")
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
STOP_WITHIN_S = 5.0


class WorkerChild:
    """Issuing, calling and rollover never wait for it; a dead worker only delays jobs."""

    def __init__(self, settings: Settings, store_url: str) -> None:
        self._environment = {**os.environ, **_environment(settings, store_url)}
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Keeps the worker alive until cancelled."""
        pause_s = FIRST_PAUSE_S
        try:
            while True:
                started = asyncio.get_running_loop().time()
                self._process = await self._spawn()
                code = await self._process.wait()
                if asyncio.get_running_loop().time() - started > LONGEST_PAUSE_S:
                    pause_s = FIRST_PAUSE_S
                log.warning("the background worker ended with %s; again in %.0f s", code, pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        finally:
            await self._stop()

    async def _spawn(self) -> asyncio.subprocess.Process:
        command = launcher_command(Path(sys.executable), WORKER, signal.SIGTERM)
        return await asyncio.create_subprocess_exec(*command, env=self._environment, start_new_session=True)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _environment(settings: Settings, store_url: str) -> dict[str, str]:
    """What the worker must know that our command line may have said: where the store, the data and the office are."""
    office = {"WARTEZONE_CONFIG": str(settings.config.resolve())} if settings.config else {}
    return {"WARTEZONE_REDIS_URL": store_url, "WARTEZONE_DATA": str(settings.data.resolve()), **office}
