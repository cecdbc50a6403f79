"""Secrets in files, so that they stand in no environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

PREFIX = "WARTEZONE_"
FILE_SUFFIX = "_FILE"


def secret_names(fields: Mapping[str, FieldInfo]) -> frozenset[str]:
    return frozenset(name for name, field in fields.items() if _is_secret(field))


def _is_secret(field: FieldInfo) -> bool:
    return any(SecretStr in (kind, *get_args(kind)) for kind in get_args(field.annotation))


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets in files: WARTEZONE_<NAME>_FILE, or the systemd credential `wartezone_<name>`. It finds, fields read."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        variable = f"{PREFIX}{field_name.upper()}{FILE_SUFFIX}"
        if os.environ.get(variable):
            return Path(os.environ[variable]), field_name, False
        credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / f"{PREFIX}{field_name}".lower()
        return (credential if credential.is_absolute() and credential.exists() else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        found = {name: self.get_field_value(fields[name], name)[0] for name in secret_names(fields)}
        return {name: path for name, path in found.items() if path is not None}
