"""`wartezone doctor` looks at everything that a start needs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from queue_core.doctor import Finding, examine
from queue_core.settings import Settings
from tests.support.office_files import office_file


async def findings(tmp_path: Path, url: str, **changes: Any) -> Mapping[str, Finding]:
    settings = {"data": tmp_path, "config": office_file(tmp_path), "redis_url": url, **changes}
    return {finding.about: finding for finding in await examine(Settings(**settings))}


async def test_all_is_well(tmp_path: Path, store_url: str) -> None:
    found = await findings(tmp_path, store_url)
    assert list(found) == ["office", "data", "disk", "login", "store"]
    assert not any(finding.bad for finding in found.values())
    assert found["store"].words.endswith("writes and reads")


async def test_each_fault_of_the_office_is_a_finding(tmp_path: Path, valkey_url: str) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[zone\n")
    found = await findings(tmp_path, valkey_url, config=broken)
    assert found["office"].bad


async def test_a_store_that_does_not_answer_is_wrong(tmp_path: Path) -> None:
    found = await findings(tmp_path, f"unix://{tmp_path}/nobody.sock")
    assert str(found["store"]).startswith("WRONG store     does not answer: ")


async def test_passwords_without_tls_in_a_network_are_wrong(tmp_path: Path, valkey_url: str) -> None:
    found = await findings(tmp_path, valkey_url, host="0.0.0.0", insecure_lan=True)
    assert found["login"].bad


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "on this machine only"),
        ({"host": "0.0.0.0"}, "without TLS on this machine only"),
        ({"host": "0.0.0.0", "public_url": "https://wartezone.example.de"}, "by TLS"),
    ],
)
async def test_how_people_log_in_is_said(
    tmp_path: Path, valkey_url: str, changes: Mapping[str, str], words: str
) -> None:
    found = (await findings(tmp_path, valkey_url, **changes))["login"]
    assert words in found.words
    assert not found.bad


async def test_the_folder_for_news_of_cases_is_looked_at(tmp_path: Path, valkey_url: str) -> None:
    drop = tmp_path / "drop"
    absent = (await findings(tmp_path, valkey_url, cases_drop=drop))["cases"]
    assert (absent.bad, absent.words) == (True, f"no news: {drop}: No such file or directory")
    drop.mkdir(mode=0o700)
    assert str((await findings(tmp_path, valkey_url, cases_drop=drop))["cases"]) == f"ok    cases     news from {drop}"
    drop.chmod(0o777)
    assert (await findings(tmp_path, valkey_url, cases_drop=drop))["cases"].bad
