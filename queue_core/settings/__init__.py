"""The settings of one installation: everything that is no part of an office's configuration.

This is the only place that reads the environment. `load_settings()` is for the composition root; everybody else is
handed a `Settings`, or the one value that it needs. A test compares the table with docs/settings.md. Units stand in
the names.
"""

from queue_core.settings.loading import SettingsInvalid, load_settings, secrets, variables
from queue_core.settings.secret_files import PREFIX
from queue_core.settings.table import DAY_S, HOLDS_WITHIN_S, KIB, Settings
from queue_core.settings.values import SECRET_BYTES_LEAST

__all__ = [
    "DAY_S",
    "HOLDS_WITHIN_S",
    "KIB",
    "PREFIX",
    "SECRET_BYTES_LEAST",
    "Settings",
    "SettingsInvalid",
    "load_settings",
    "secrets",
    "variables",
]
