"""The speech that the settings ask for."""

from queue_core.settings import KIB, Settings
from queue_core.speech.command import Command
from queue_core.speech.espeak import Espeak
from queue_core.speech.kept import KeptInMemory, KeptOnDisk
from queue_core.speech.port import Engine
from queue_core.speech.recordings import Recordings
from queue_core.speech.speech import Speech

_MEMORY_KIB = 24 * KIB
_FOLDER = "speech"


def speech_of(settings: Settings) -> Speech:
    """Nothing is started before the first word."""
    disk = KeptOnDisk(settings.data / _FOLDER, settings.speech_cache_mb * KIB * KIB)
    return Speech(_engines(settings), KeptInMemory(_MEMORY_KIB * KIB), disk)


def _engines(settings: Settings) -> list[Engine]:
    """What the chosen one cannot say, espeak says: a word that nobody recorded, a language without a model."""
    match settings.speech_engine:
        case "off":
            return []
        case "command":
            assert settings.speech_command is not None  # the settings go together
            return [Command(settings.speech_command), Espeak()]
        case "recordings":
            assert settings.speech_recordings is not None
            return [Recordings(settings.speech_recordings), Espeak()]
        case "espeak":
            return [Espeak()]
