"""The environment, read: the settings, or every fault of it in a sentence that names its variable."""

import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from queue_core.settings.secret_files import FILE_SUFFIX, PREFIX, secret_names
from queue_core.settings.table import Settings
from queue_core.spelling import did_you_mean, nearest


class SettingsInvalid(Exception):
    """The environment cannot be understood; `faults` are sentences, each naming its variable."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def load_settings(**overrides: Any) -> Settings:
    """The settings of the environment, with what the command line says (None: nothing said). Raises SettingsInvalid."""
    faults = _unknown(os.environ)
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        faults += [_fault(e) for e in error.errors(include_url=False)]
    if faults:
        raise SettingsInvalid(tuple(faults))
    return settings


def variables() -> frozenset[str]:
    """Every environment variable that means something."""
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    return frozenset(names | {f"{PREFIX}{name.upper()}{FILE_SUFFIX}" for name in secrets()})


def _unknown(environment: Mapping[str, str]) -> list[str]:
    strange = sorted(v for v in environment if v.upper().startswith(PREFIX) and v.upper() not in variables())
    return [f"{v}: no such setting{did_you_mean(nearest(v, variables()))}" for v in strange]


def _fault(error: ErrorDetails) -> str:
    where = f"{PREFIX}{str(error['loc'][0]).upper()}: " if error["loc"] else ""
    message = error["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{where}{message[:1].lower() + message[1:] if not where else message}"


def secrets() -> frozenset[str]:
    """The settings that are never printed, and that a file may hold."""
    return secret_names(Settings.model_fields)
