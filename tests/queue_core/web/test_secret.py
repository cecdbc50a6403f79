"""The installation's secret: configured, or made once and kept for us alone."""

from pathlib import Path

from pydantic import SecretStr

from queue_core.settings import Settings
from queue_core.web.secret import FILE, load_secret


def test_it_is_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "fresh")
    secret = load_secret(settings)
    assert len(secret) >= 32
    assert load_secret(settings) == secret
    assert (settings.data / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in settings.data.iterdir()] == [FILE]


def test_two_installations_differ(tmp_path: Path) -> None:
    assert load_secret(Settings(data=tmp_path / "a")) != load_secret(Settings(data=tmp_path / "b"))


def test_a_configured_one_is_used(tmp_path: Path) -> None:
    assert load_secret(Settings(data=tmp_path, secret=SecretStr("x" * 32))) == b"x" * 32
    assert list(tmp_path.iterdir()) == []
