"""The settings of one installation: everything that is no part of an office's configuration.

This is the only place that reads the environment. `load_settings()` is for the composition root; everybody else is
handed a `Settings`, or the one value that it needs. A new setting is one annotated field here (name, default, limits,
help) and one line in docs/settings.md; a test compares the two. Units stand in the names.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    PlainValidator,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from queue_core.spelling import did_you_mean, nearest

PREFIX = "WARTEZONE_"
FILE_SUFFIX = "_FILE"
SECRET_BYTES_LEAST = 32
#: What `holds_of_address` counts by, and `holds_of_address_a_day`.
HOLDS_WITHIN_S, DAY_S = 600, 86_400
KIB = 1024
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


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


Contact = Annotated[str, AfterValidator(_contact)]
Origin = Annotated[str, AfterValidator(_origin)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Faces = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_faces)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)]
Network = Annotated[IPv4Network | IPv6Network, PlainValidator(ip_network)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_split)]
UserPath = Annotated[Path, AfterValidator(Path.expanduser)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    # Where
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address to bind. 0.0.0.0 opens it to the network."
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Port to serve on. 0 takes any free one.")
    public_url: Origin | None = Field(
        default=None, description="The address that people reach it by, for links, QR codes and cookies."
    )
    data: UserPath = Field(default=Path("data"), description="Folder of everything that is kept.")
    config: UserPath | None = Field(
        default=None,
        description="The office: a folder of TOML files, or one file. Without it the packaged demo office.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        description="An existing Redis or Valkey (redis://, rediss://, unix://). Without it an embedded one.",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="Web processes that share the port. 1: everything in one process."
    )
    faces: Faces = Field(
        default=None, description="Which faces to serve, separated by commas; `all` for every installed one."
    )
    kiosk_agent: bool = Field(
        default=True, description="Start the agent of the first kiosk beside the server: a kiosk with paper, to try."
    )

    # Safety
    insecure_lan: bool = Field(
        default=False,
        description="Allow logging in without TLS from other machines than this one. Every page then says so.",
    )
    tls_cert: UserPath | None = Field(default=None, description="Certificate chain (PEM) to serve TLS without a proxy.")
    tls_key: UserPath | None = Field(default=None, description="Private key (PEM) of `tls_cert`.")
    trusted_proxies: Networks = Field(default=(), description="Networks whose X-Forwarded-For is believed.")
    allowed_origins: Origins = Field(
        default=(), description="Further origins that may open streams and send forms; `public_url` always may."
    )
    secret: SecretStr | None = Field(
        default=None,
        description="Signs ticket links and sessions: at least 32 bytes. Without it one is made in `data` and kept.",
    )
    device_token: SecretStr | None = Field(
        default=None, description="Only for `wartezone kiosk-agent`: the device token by which the server knows it."
    )
    session_idle_minutes: int = Field(
        default=30, ge=1, le=24 * 60, description="A login ends after so long without activity."
    )
    session_longest_hours: int = Field(default=12, ge=1, le=24, description="A login ends after so long in any case.")
    body_most_kib: int = Field(default=64, ge=1, le=1024, description="Larger request bodies are refused.")

    draws_per_minute: int = Field(
        default=600, ge=0, le=1_000_000, description="Most tickets drawn with one credential and process; 0: no limit."
    )
    draws_per_minute_of_address: int = Field(
        default=1200, ge=0, le=1_000_000, description="Most tickets drawn from one address and process; 0: no limit."
    )

    holds_of_address: int = Field(
        default=20,
        ge=0,
        le=1_000_000,
        description="Most times held for appointments from one address and process in ten minutes; 0: no limit.",
    )
    holds_of_address_a_day: int = Field(
        default=100,
        ge=0,
        le=1_000_000,
        description="Most times held for appointments from one address and process in a day; 0: no limit.",
    )
    appointment_asks_per_minute_of_address: int = Field(
        default=120,
        ge=0,
        le=1_000_000,
        description="Most questions about appointments from one address and process in a minute; 0: no limit.",
    )

    # Mail
    smtp_host: str | None = Field(
        default=None, description="The mail server. Without it nobody is asked for an address."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to the mail server is encrypted; certificates are checked."
    )
    smtp_user: str | None = Field(default=None, description="The name by which the mail server knows us.")
    smtp_password: SecretStr | None = Field(default=None, description="Goes with `smtp_user`.")
    smtp_from: str | None = Field(default=None, description="The sender's address of letters about appointments.")

    # Log
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="`auto` is text on a terminal and JSON elsewhere."
    )

    # Alarms
    alarm_webhook_url: WebAddress | None = Field(
        default=None, description="Told of every alarm that opens or ends, by POST. Without it nobody is."
    )
    alarm_webhook_secret: SecretStr | None = Field(
        default=None, description="Signs what `alarm_webhook_url` is told: at least 32 bytes."
    )

    # Phones
    push_contact: Contact | None = Field(
        default=None,
        description="Whom push services may write to (mailto: or https:). Without it no page offers to tell a phone.",
    )
    push_loopback: bool = Field(
        default=False, description="Only for tests: push services on this machine are asked, without TLS."
    )

    # Keeping and forgetting
    purge_after_hours: int = Field(
        default=12,
        ge=0,
        le=22,
        description="Tickets of a business day are erased so long after its end (law: within 24 h).",
    )
    archive_sessions: bool = Field(
        default=True,
        description="Keep in a day's archive which visits one counter served in one go, numbered anew each day.",
    )
    answers_kept_hours: int = Field(
        default=48,
        ge=48,
        le=24 * 14,
        description="A repeated command gets its first answer for so long, and past day end.",
    )
    aof_rewrite_tail_mb: int = Field(
        default=150, ge=1, le=10_000, description="The embedded store's log is rewritten when it grew by so much."
    )
    store_deadline_s: float = Field(
        default=4.0, gt=0, le=5, description="A request that the store does not answer within it gets 503."
    )

    # Streams
    stream_port: int = Field(
        default=0, ge=0, le=65535, description="A further port, for WebSocket streams alone. 0: none."
    )
    stream_clients_most: int = Field(default=20_000, ge=1, description="Most open streams of one process.")
    stream_clients_per_ip_most: int = Field(
        default=500, ge=1, description="Most open streams of one address and process."
    )
    stream_buffer_kib: int = Field(
        default=256, ge=16, le=4096, description="A client that lags by more is brought back or cut."
    )
    stream_write_limit_kib: int = Field(default=64, ge=4, le=1024, description="A client that lags by more is skipped.")
    heartbeat_s: float = Field(default=5.0, gt=0, le=15, description="Time between two heartbeats of a stream.")

    # Estimates
    estimate_pause_s: float = Field(default=1.0, gt=0, le=15, description="Least time between two estimates of a zone.")
    estimate_idle_s: float = Field(default=15.0, gt=0, le=60, description="Most time between two estimates of a zone.")
    estimate_lease_s: float = Field(
        default=10.0, ge=1, le=60, description="A zone's estimator is replaced when it was silent for so long."
    )

    # Speech
    speech_engine: Literal["espeak", "command", "recordings", "off"] = Field(
        default="espeak", description="Who speaks in displays and kiosks; docs/voice.md."
    )
    speech_command: str | None = Field(
        default=None,
        description="For `command`: a program that reads a text and writes a WAV file. `{language}` becomes the tag.",
    )
    speech_recordings: UserPath | None = Field(
        default=None, description="For `recordings`: a folder `<language>/<words>.wav`."
    )
    speech_cache_mb: int = Field(
        default=256, ge=0, le=10_000, description="Spoken texts are kept on disk, at most so much of them."
    )

    @property
    def tls(self) -> bool:
        """People reach it by TLS, from this process or from a proxy before it."""
        return self.tls_cert is not None or (self.public_url or "").startswith("https://")

    @property
    def tls_files(self) -> tuple[Path, Path] | None:
        """Certificate and key to serve TLS from this process; `tls` may also be a proxy's."""
        return (self.tls_cert, self.tls_key) if self.tls_cert and self.tls_key else None

    @property
    def external_store(self) -> str | None:
        """The address of an existing store; None for the embedded one."""
        return self.redis_url.get_secret_value() if self.redis_url else None

    @property
    def loopback(self) -> bool:
        return self.host == "localhost" or (_is_address(self.host) and ip_address(self.host).is_loopback)

    @property
    def login_allowed(self) -> bool:
        """A password or session may travel to where this server listens."""
        return self.tls or self.loopback or self.insecure_lan

    @property
    def base_url(self) -> str:
        """The address to print and to link to."""
        if self.public_url:
            return self.public_url
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        scheme = "https" if self.tls_cert else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @field_validator("secret", "alarm_webhook_secret", "redis_url", "device_token", "smtp_password", mode="before")
    @classmethod
    def _read_file(cls, value: object) -> object:
        if not isinstance(value, Path):
            return value
        try:
            return value.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"cannot read {value}: {error.strerror}") from error

    @field_validator("redis_url")
    @classmethod
    def _known_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(REDIS_SCHEMES):
            raise ValueError(f"must begin with {', '.join(REDIS_SCHEMES)}")
        if value is not None and not _port_is_valid(value.get_secret_value()):
            raise ValueError("has no valid port")
        return value

    @field_validator("secret", "alarm_webhook_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < SECRET_BYTES_LEAST:
            raise ValueError(f"must have at least {SECRET_BYTES_LEAST} bytes")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _can_be_sender(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError("must be an address such as termine@example.de, without a name")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together")
        if (self.alarm_webhook_url is None) != (self.alarm_webhook_secret is None):
            raise ValueError("alarm_webhook_url and alarm_webhook_secret go together")
        if (self.smtp_host is None) != (self.smtp_from is None):
            raise ValueError("smtp_host and smtp_from go together")
        if self.smtp_host is not None and self.public_url is None:
            raise ValueError("smtp_host needs public_url: letters lead to appointments")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("smtp_user and smtp_password go together")
        if self.stream_write_limit_kib > self.stream_buffer_kib:
            raise ValueError("stream_write_limit_kib must not exceed stream_buffer_kib")
        if self.estimate_pause_s > self.estimate_idle_s:
            raise ValueError("estimate_pause_s must not exceed estimate_idle_s")
        if self.speech_engine == "command" and not (self.speech_command or "").strip():
            raise ValueError("speech_engine=command needs speech_command")
        if self.speech_engine == "recordings" and self.speech_recordings is None:
            raise ValueError("speech_engine=recordings needs speech_recordings")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (passed by name)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SecretFiles(settings_cls)


def _port_is_valid(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def secrets() -> frozenset[str]:
    """The settings that are never printed, and that a file may hold."""
    return frozenset(name for name, field in Settings.model_fields.items() if SecretStr in get_args(field.annotation))


class _SecretFiles(PydanticBaseSettingsSource):
    """Secrets in files: WARTEZONE_<NAME>_FILE, or the systemd credential `wartezone_<name>`. It finds, fields read."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        variable = f"{PREFIX}{field_name.upper()}{FILE_SUFFIX}"
        if os.environ.get(variable):
            return Path(os.environ[variable]), field_name, False
        credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / f"{PREFIX}{field_name}".lower()
        return (credential if credential.is_absolute() and credential.exists() else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(Settings.model_fields[name], name)[0] for name in secrets()}
        return {name: path for name, path in found.items() if path is not None}


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
