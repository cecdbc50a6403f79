"""The office that is served when nobody configured one: `config/default`, in a checkout and in an installed wheel."""

from pathlib import Path

import queue_core

DEFAULT = "default"


def packaged_config() -> Path:
    """The folder `config`: in a wheel it lies within the package (see pyproject.toml), in a checkout beside it."""
    package = Path(queue_core.__file__).parent
    installed = package / "_config"
    return installed if installed.is_dir() else package.parent / "config"


def default_config() -> Path:
    return packaged_config() / DEFAULT
