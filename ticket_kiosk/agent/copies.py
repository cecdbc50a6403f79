"""The last good copy of the kiosk's page with all that belongs to it, and of every sentence that was ever spoken: what
the browser gets while the server is away, also after a night without either."""

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson

from ticket_kiosk.agent.files import FOLDER
from ticket_kiosk.agent.link import Link
from ticket_kiosk.agent.place import Place

log = logging.getLogger(__name__)

_PAGE = "page"
_SPEECH_MOST = 3_000
_SPEECH_MOST_BYTES = 400 * 2**20
_KEPT_HEADERS = ("content-type", "content-security-policy", "cache-control", "etag")
_STATIC = "/static/"
_SAFE = re.compile(r"/static/[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True, slots=True)
class Copy:
    content: bytes
    headers: dict[str, str]


class Copies:
    """A page is kept only once all of its build's files are; until then the one before stays."""

    def __init__(self, folder: Path, kiosk: str) -> None:
        self._folder, self._path = folder, f"/kiosk/{kiosk}"
        for part in ("", "static", "speech"):
            (folder / part).mkdir(mode=FOLDER, parents=True, exist_ok=True)

    def page(self) -> Copy | None:
        return self._read(self._folder / _PAGE)

    def static(self, path: str) -> Copy | None:
        return self._read(self._file(path)) if is_static(path) else None

    def spoken(self, url: str) -> Copy | None:
        return self._read(self._sentence(url))

    def has_spoken(self, url: str) -> bool:
        return self._sentence(url).exists()

    def speak(self, url: str, answer: httpx.Response) -> None:
        """The oldest sentences make room."""
        _write(self._sentence(url), answer)
        found = [(status.st_mtime, status.st_size, file) for file, status in _files(self._folder / "speech")]
        room = _SPEECH_MOST_BYTES
        for at, (_, size, file) in enumerate(sorted(found, reverse=True)):
            room -= size
            if at >= _SPEECH_MOST or room < 0:
                file.unlink()

    async def refresh(self, link: Link, place: Place) -> None:
        """Fetches what is new. A page that is not the kiosk's own (a wrong token leads elsewhere) is not kept."""
        for url in place.files:
            if is_static(url) and not self._file(url).exists():
                answer = await link.ask("GET", url, raw=True)
                if answer is None or not answer.is_success:
                    return
                _write(self._file(url), answer)
        answer = await link.ask("GET", self._path, raw=True)
        if answer is None or not is_page(answer, place.build):
            return
        _write(self._folder / _PAGE, answer)
        self._forget_all_but(place.build)

    def _forget_all_but(self, build: str) -> None:
        for folder in (self._folder / "static").iterdir():
            if folder.name != build:
                shutil.rmtree(folder, ignore_errors=True)

    def _file(self, url: str) -> Path:
        return self._folder / "static" / url.removeprefix(_STATIC)

    def _sentence(self, url: str) -> Path:
        return self._folder / "speech" / hashlib.sha256(url.encode()).hexdigest()

    @staticmethod
    def _read(file: Path) -> Copy | None:
        try:
            head, _, content = file.read_bytes().partition(b"\n")
            headers: dict[str, Any] = orjson.loads(head)
            return Copy(content, headers)
        except (OSError, ValueError):
            return None


def is_page(answer: httpx.Response, build: str = "") -> bool:
    """Whether it is a page of ours, and of this build; somebody else's uses no file of ours."""
    return answer.is_success and f"{_STATIC}{build}{'/' if build else ''}".encode() in answer.content


def is_sound(answer: httpx.Response) -> bool:
    return str(answer.headers.get("content-type", "")).startswith("audio/")


def is_static(url: str) -> bool:
    """Whether this can be the address of a page's file, and of nothing else."""
    return bool(_SAFE.fullmatch(url)) and ".." not in url


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    return ((file, file.stat()) for file in folder.iterdir())


def _write(file: Path, answer: httpx.Response) -> None:
    """Headers in the first line, then the body; whole or not at all."""
    file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_bytes(orjson.dumps(headers) + b"\n" + answer.content)
    fresh.replace(file)
