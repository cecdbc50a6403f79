import os
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from queue_core.settings import PREFIX, Settings, SettingsInvalid, load_settings, secrets, variables

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
LONG = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def no_variables_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [v for v in os.environ if v.upper().startswith(PREFIX) or v == "CREDENTIALS_DIRECTORY"]:
        monkeypatch.delenv(variable)


def faults() -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    return caught.value.faults


def test_without_an_environment_everything_has_its_default() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8080, Path("data"))
    assert settings.redis_url is None
    assert settings.faces is None


def test_a_variable_changes_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_PORT", "9000")
    assert load_settings().port == 9000


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_CONFIG", "")
    assert load_settings().config is None


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_PORT", "9000")
    assert load_settings(port=9001).port == 9001
    assert load_settings(port=None).port == 9000


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_FACES", "lobby, desk")
    monkeypatch.setenv("WARTEZONE_TRUSTED_PROXIES", "10.0.0.0/8,::1")
    monkeypatch.setenv("WARTEZONE_ALLOWED_ORIGINS", "https://a.example,http://b.example:8080/")
    settings = load_settings()
    assert settings.faces == ("lobby", "desk")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.allowed_origins == ("https://a.example", "http://b.example:8080")


def test_all_faces_can_be_said_outright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_FACES", "all")
    assert load_settings().faces is None


def test_an_unknown_variable_stops_the_start_with_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_PROT", "9000")
    assert faults() == ("WARTEZONE_PROT: no such setting (did you mean WARTEZONE_PORT?)",)


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_PORT", "70000")
    monkeypatch.setenv("WARTEZONE_STREAM_CLIENTS_MOST", "many")
    monkeypatch.setenv("WARTEZONE_NONSENSE", "1")
    assert [f.partition(":")[0] for f in faults()] == [
        "WARTEZONE_NONSENSE",
        "WARTEZONE_PORT",
        "WARTEZONE_STREAM_CLIENTS_MOST",
    ]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "-1", "must be greater than or equal to 0"),
        ("PORT", "http", "must be a valid integer"),
        ("PURGE_AFTER_HOURS", "23", "must be less than or equal to 22"),
        ("ANSWERS_KEPT_HOURS", "47", "must be greater than or equal to 48"),
        ("LOG_LEVEL", "loud", "must be 'debug', 'info', 'warning' or 'error'"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "has host bits set"),
        ("ALLOWED_ORIGINS", "https://a.example/path", "must be an origin"),
        ("PUBLIC_URL", "a.example", "must be a valid URL"),
        ("REDIS_URL", "http://redis", "must begin with redis://"),
        ("SECRET", "short", "at least 32 bytes"),
        ("SMTP_FROM", "Office <termine@a.example>", "must be an address"),
        ("SMTP_FROM", "a@a.example\nBcc: b@b.example", "must be an address"),
    ],
)
def test_a_wrong_value_is_told_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    (fault,) = faults()
    assert fault.startswith(f"{PREFIX}{name}: ")
    assert message in fault


@pytest.mark.parametrize(
    "pair",
    [
        {"TLS_CERT": "cert.pem"},
        {"STREAM_WRITE_LIMIT_KIB": "512"},
        {"ESTIMATE_PAUSE_S": "9", "ESTIMATE_IDLE_S": "8"},
        {"SMTP_HOST": "mail.example", "PUBLIC_URL": "https://a.example"},
        {"SMTP_HOST": "mail.example", "SMTP_FROM": "termine@a.example"},
        {"SMTP_USER": "wartezone"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(monkeypatch: pytest.MonkeyPatch, pair: dict[str, str]) -> None:
    for name, value in pair.items():
        monkeypatch.setenv(PREFIX + name, value)
    (fault,) = faults()
    assert next(iter(pair)).lower() in fault


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_SECRET", LONG)
    monkeypatch.setenv("WARTEZONE_REDIS_URL", "redis://:hidden@host")
    assert LONG not in repr(load_settings())
    assert "hidden" not in repr(load_settings())


def test_a_faulty_secret_is_not_shown_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTEZONE_REDIS_URL", "http://:hidden@host")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert "hidden" not in f"{caught.value!r} {caught.value.__context__}"


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{LONG}\n")
    monkeypatch.setenv("WARTEZONE_SECRET_FILE", str(tmp_path / "key"))
    assert load_settings().secret == SecretStr(LONG)


def test_a_secret_may_be_a_systemd_credential(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wartezone_redis_url").write_text("redis://host")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_settings().redis_url == SecretStr("redis://host")


def test_a_secret_file_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WARTEZONE_SECRET_FILE", str(tmp_path / "gone"))
    (fault,) = faults()
    assert fault == f"WARTEZONE_SECRET: cannot read {tmp_path / 'gone'}: No such file or directory"


def test_only_secrets_may_lie_in_files() -> None:
    assert secrets() == {
        "secret",
        "redis_url",
        "device_token",
        "alarm_webhook_secret",
        "reminder_webhook_secret",
        "smtp_password",
    }
    assert "WARTEZONE_PORT_FILE" not in variables()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_login_without_tls_is_allowed_on_loopback(host: str) -> None:
    assert Settings(host=host).login_allowed


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "office.example"])
def test_login_without_tls_needs_an_explicit_word_elsewhere(host: str) -> None:
    assert not Settings(host=host).login_allowed
    assert Settings(host=host, insecure_lan=True).login_allowed


def test_tls_may_end_here_or_at_a_proxy() -> None:
    assert Settings(host="0.0.0.0", tls_cert=Path("c"), tls_key=Path("k")).login_allowed
    assert Settings(host="0.0.0.0", public_url="https://wartezone.example").tls
    assert not Settings(public_url="http://wartezone.example").tls


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "0.0.0.0", "port": 9000}, "http://127.0.0.1:9000"),
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"tls_cert": "c", "tls_key": "k"}, "https://127.0.0.1:8080"),
        ({"public_url": "https://wartezone.example/"}, "https://wartezone.example"),
    ],
)
def test_the_base_url_is_one_that_a_browser_opens(settings: dict[str, object], url: str) -> None:
    assert load_settings(**settings).base_url == url


def shown(default: object) -> str:
    if default is None or default == ():
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_documentation_tells_each_setting_with_default_and_help(name: str) -> None:
    field = Settings.model_fields[name]
    default = "`all`" if name == "faces" else shown(field.default)
    row = f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |"
    assert row in DOCS.read_text().splitlines()


def test_the_documentation_tells_no_setting_that_does_not_exist() -> None:
    named = {line.split("`")[1] for line in DOCS.read_text().splitlines() if line.startswith(f"| `{PREFIX}")}
    assert named <= variables()
