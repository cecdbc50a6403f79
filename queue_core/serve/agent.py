"""The agent of the office's first kiosk, beside the server: whoever tries the house has paper with nothing set up.

In a real house each kiosk has its own, on its own machine (docs/kiosk.md).
"""

import asyncio
import logging
import os
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from queue_core.domain.devices import KioskPlace
from queue_core.domain.errors import StoreAway
from queue_core.domain.principal import Grant, Role, fingerprint
from queue_core.serve.child import FIRST_PAUSE_S, LONGEST_PAUSE_S, Child, Pauses, Program, environment_of
from queue_core.settings import Settings
from queue_core.store.credentials import Credentials

log = logging.getLogger(__name__)

COMMAND = "kiosk-agent"
#: A ticket that is on its way to the paper is waited for.
STOP_WITHIN_S = 8.0
_EVERYWHERE = frozenset({"0.0.0.0", "::"})


def is_installed() -> bool:
    return bool(entry_points(group="wartezone.commands", name=COMMAND))


@dataclass(frozen=True, slots=True)
class AgentChild:
    """The house works without it: a dead one only means that this kiosk has no paper."""

    settings: Settings
    kiosk: KioskPlace
    credentials: Credentials

    async def run(self) -> None:
        """Keeps the agent alive until cancelled, and says where its page is."""
        pauses, told = Pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S), ""
        while True:
            pauses.born()
            try:
                told = await self._live(told)
            except (StoreAway, OSError) as e:
                log.warning("the kiosk's agent cannot start: %s", e)
            pause_s = pauses.after_death()
            log.warning("the kiosk's agent ended; again in %.0f s", pause_s)
            await asyncio.sleep(pause_s)

    async def _live(self, told: str) -> str:
        """One life of it, whole; what it said its address is, printed where that is news."""
        data = self.settings.data.resolve() / COMMAND
        child = await Child.spawn(self._program(data, await self._token(data)))
        try:
            address = await child.told()
            if address not in ("", told):
                print(f"    kiosk agent  {address}", flush=True)
            await child.ended()
            return address or told
        finally:
            await child.end()

    def _program(self, data: Path, token: Path) -> Program:
        """It asks this process itself, whatever name people know the office by, and knows it by its certificate."""
        host = "127.0.0.1" if self.settings.host in _EVERYWHERE else self.settings.host
        certificate = self.settings.tls_files[0].resolve() if self.settings.tls_files else None
        scheme, trust = ("https", ("--certificate", str(certificate))) if certificate else ("http", ())
        server = f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.settings.port}"
        arguments = ("--server", server, *trust, "--kiosk", self.kiosk.id, "--data", str(data), "--any-port")
        environment = {**dict(environment_of(self.settings, "")), "WARTEZONE_DEVICE_TOKEN_FILE": str(token)}
        return Program((COMMAND, *arguments), environment, STOP_WITHIN_S, tells=True)

    async def _token(self, data: Path) -> Path:
        """The file that holds it, made once for each store."""
        path = data / "token"
        if not await self.credentials.by_digest(fingerprint(_read(path))):
            grant = Grant(Role.DEVICE, frozenset(self.kiosk.zones), f"kiosk:{self.kiosk.id}")
            _write(path, await self.credentials.create_token(grant, by="system"))
        return path


def _read(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


def _write(path: Path, token: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(token)
