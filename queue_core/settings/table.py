"""The table of all settings: name, default, limits, help. A new one is a field here and a line in docs/settings.md."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from queue_core.settings.secret_files import PREFIX, SecretFiles
from queue_core.settings.values import (
    Contact,
    Faces,
    Networks,
    Origin,
    Origins,
    Secret,
    Sender,
    SigningSecret,
    StoreUrl,
    UserPath,
    WebAddress,
    is_address,
)

#: What `holds_of_address` counts by, and `holds_of_address_a_day`.
HOLDS_WITHIN_S, DAY_S = 600, 86_400
KIB = 1024


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
    redis_url: StoreUrl | None = Field(
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
    secret: SigningSecret | None = Field(
        default=None,
        description="Signs ticket links and sessions: at least 32 bytes. Without it one is made in `data` and kept.",
    )
    device_token: Secret | None = Field(
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
    smtp_ca: UserPath | None = Field(
        default=None, description="Certificates that a mail server's may be signed by, beside those of this machine."
    )
    smtp_user: str | None = Field(default=None, description="The name by which the mail server knows us.")
    smtp_password: Secret | None = Field(default=None, description="Goes with `smtp_user`.")
    smtp_from: Sender | None = Field(default=None, description="The sender's address of letters about appointments.")

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
    alarm_webhook_secret: SigningSecret | None = Field(
        default=None, description="Signs what `alarm_webhook_url` is told: at least 32 bytes."
    )

    # Reminders
    reminder_webhook_url: WebAddress | None = Field(
        default=None, description="Told of every appointment a day before, by POST. Without it nobody is."
    )
    reminder_webhook_secret: SigningSecret | None = Field(
        default=None, description="Signs what `reminder_webhook_url` is told: at least 32 bytes."
    )

    # Phones
    push_contact: Contact | None = Field(
        default=None,
        description="Whom push services may write to (mailto: or https:). Without it no page offers to tell a phone.",
    )
    push_loopback: bool = Field(
        default=False, description="Only for tests: push services on this machine are asked, without TLS."
    )

    # Cases
    cases_drop: UserPath | None = Field(
        default=None,
        description="Folder into which a case system puts files of news: taken over, then deleted (docs/cases.md).",
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
        return self.host == "localhost" or (is_address(self.host) and ip_address(self.host).is_loopback)

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

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together")
        if (self.alarm_webhook_url is None) != (self.alarm_webhook_secret is None):
            raise ValueError("alarm_webhook_url and alarm_webhook_secret go together")
        if (self.reminder_webhook_url is None) != (self.reminder_webhook_secret is None):
            raise ValueError("reminder_webhook_url and reminder_webhook_secret go together")
        if self.reminder_webhook_url is not None and self.public_url is None:
            raise ValueError("reminder_webhook_url needs public_url: reminders lead to appointments")
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
        return init_settings, env_settings, SecretFiles(settings_cls)
