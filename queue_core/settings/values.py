"""What a setting may be: types that say in a sentence what would be right."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, HttpUrl, PlainValidator, SecretStr, TypeAdapter
from pydantic_settings import NoDecode

SECRET_BYTES_LEAST = 32
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _faces(value: object) -> object:
    return None if value == "all" else _split(value)


def _origin(url: str) -> str:
    """`url` without its trailing slash, checked to be scheme, host and port alone."""
    parsed = TypeAdapter(HttpUrl).validate_python(url)
    if parsed.path not in (None, "/") or parsed.query or parsed.fragment or parsed.username:
        raise ValueError("must be an origin such as https://wartezone.example.de, without a path")
    return url.rstrip("/")


def _web_address(url: str) -> str:
    """`url`, checked to be one that can be asked, without a password in it."""
    if TypeAdapter(HttpUrl).validate_python(url).username:
        raise ValueError("must not hold a name or password")
    return url


def _contact(address: str) -> str:
    """`address`, checked to be one that push services take."""
    if not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://[^\s/]+\S*)", address):
        raise ValueError("must be mailto: with an address, or https:")
    return address


def _content(value: object) -> object:
    """A secret's file, read."""
    if not isinstance(value, Path):
        return value
    try:
        return value.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"cannot read {value}: {error.strerror}") from error


def _store_url(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(REDIS_SCHEMES):
        raise ValueError(f"must begin with {', '.join(REDIS_SCHEMES)}")
    if not _port_is_valid(value.get_secret_value()):
        raise ValueError("has no valid port")
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value().encode()) < SECRET_BYTES_LEAST:
        raise ValueError(f"must have at least {SECRET_BYTES_LEAST} bytes")
    return value


def _sender(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must be an address such as termine@example.de, without a name")
    return value


def _port_is_valid(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


Contact = Annotated[str, AfterValidator(_contact)]
Origin = Annotated[str, AfterValidator(_origin)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Faces = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_faces)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)]
Network = Annotated[IPv4Network | IPv6Network, PlainValidator(ip_network)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_split)]
UserPath = Annotated[Path, AfterValidator(Path.expanduser)]
Secret = Annotated[SecretStr, BeforeValidator(_content)]
SigningSecret = Annotated[Secret, AfterValidator(_long_enough)]
StoreUrl = Annotated[Secret, AfterValidator(_store_url)]
Sender = Annotated[str, AfterValidator(_sender)]
