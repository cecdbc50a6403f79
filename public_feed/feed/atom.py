"""Notices as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from public_feed.feed.closures import Notice

STANDARD = "https://www.rfc-editor.org/rfc/rfc4287"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: The year in which this form of ids began (RFC 4151).
_SINCE = "2026"


@dataclass(frozen=True, slots=True)
class Head:
    """Of the whole feed. `updated_ms`: for one without entries."""

    title: str
    language: str
    author: str
    rights: str
    base_url: str
    path: str
    updated_ms: int


def atom(head: Head, notices: Sequence[Notice]) -> bytes:
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, _LANG: head.language})
    newest_ms = max((notice.since_ms for notice in notices), default=head.updated_ms)
    _text(feed, "id", _tag(head.base_url, head.path))
    _text(feed, "title", head.title)
    _text(feed, "updated", _time(newest_ms))
    _text(ElementTree.SubElement(feed, "author"), "name", head.author)
    _text(feed, "rights", head.rights)
    ElementTree.SubElement(feed, "link", rel="self", href=f"{head.base_url}{head.path}", type="application/atom+xml")
    ElementTree.SubElement(feed, "link", rel="alternate", href=f"{head.base_url}/", type="text/html")
    for notice in notices:
        _entry(feed, notice, head.base_url)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ElementTree.Element, notice: Notice, base_url: str) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _text(entry, "id", _tag(base_url, f"/closures/{notice.about}"))
    _text(entry, "title", notice.title)
    _text(entry, "updated", _time(notice.since_ms))
    _text(entry, "summary", notice.title)
    ElementTree.SubElement(entry, "category", term=notice.zone.id)
    ElementTree.SubElement(entry, "link", rel="alternate", href=f"{base_url}/z/{notice.zone.id}", type="text/html")


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _tag(base_url: str, path: str) -> str:
    return f"tag:{urlsplit(base_url).hostname},{_SINCE}:{quote(path)}"


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).isoformat().replace("+00:00", "Z")
