"""The speech that the settings ask for."""

from queue_core.settings import KIB, Settings
from queue_core.speech.espeak import Espeak
from queue_core.speech.kept import KeptInMemory, KeptOnDisk
from queue_core.speech.port import Engine
from queue_core.speech.speech import Speech

_MEMORY_KIB = 24 * KIB
_DISK_KIB = 256 * KIB
_FOLDER = "speech"


def speech_of(settings: Settings) -> Speech:
    """Nothing is started before the first word."""
    disk = KeptOnDisk(settings.data / _FOLDER, _DISK_KIB * KIB)
    return Speech(_engines(settings), KeptInMemory(_MEMORY_KIB * KIB), disk)


def _engines(settings: Settings) -> list[Engine]:  # noqa: ARG001
    return [Espeak()]
