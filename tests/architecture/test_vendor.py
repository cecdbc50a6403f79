"""What others wrote lies here unmodified, with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

STATIC = ROOT / "queue_core" / "web" / "static"
VENDOR = STATIC / "vendor"
_ROW = re.compile(r"^\| (?P<file>\S+/\S+) \| (?P<bytes>\d+) \| (?P<sha256>[0-9a-f]{64}) \|$", re.MULTILINE)
LISTED = {row["file"]: row for row in _ROW.finditer((VENDOR / "VENDOR.md").read_text())}


def test_the_list_names_every_file() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"VENDOR.md"} == set(LISTED)


@pytest.mark.parametrize("file", LISTED)
def test_a_file_is_as_its_author_made_it(file: str) -> None:
    content = (VENDOR / file).read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (int(LISTED[file]["bytes"]), LISTED[file]["sha256"])


@pytest.mark.parametrize("folder", sorted(path for path in VENDOR.iterdir() if path.is_dir()), ids=lambda p: p.name)
def test_every_folder_has_its_licence(folder: Path) -> None:
    assert list(folder.glob("LICENSE*"))
    assert f"| {folder.name} | " in (VENDOR / "VENDOR.md").read_text()


def test_every_font_is_declared_and_every_declared_font_exists() -> None:
    declared = set(re.findall(r'url\("(vendor/[^"]+)"\)', (STATIC / "fonts.css").read_text()))
    assert declared == {str(path.relative_to(STATIC)) for path in VENDOR.rglob("*.woff2")}
