"""What the feed's own documents have around their data: how old it may get, and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from public_feed.feed.documents import VERSION, Document, Envelope, PublisherName
from public_feed.feed.licenses import DEEDS
from queue_core.domain.site import Site
from queue_core.web.press import Body, Terms


@dataclass(frozen=True, slots=True)
class Source:
    """Whose data it is."""

    license: str
    publisher: PublisherName | None = None

    @classmethod
    def of(cls, site: Site) -> "Source":
        by = site.publisher
        named = PublisherName(name=_in_all(site.languages, by.name), url=by.url or None) if by else None
        return cls(DEEDS[site.license].url, named)

    def around(self, terms: Terms, data: Body) -> Body:
        """`data` gives JSON; so does the answer."""

        def body(at_s: int) -> bytes:
            return b'%b,"data":%b}' % (self._head(terms, at_s), data(at_s))

        return body

    def _head(self, terms: Terms, at_s: int) -> bytes:
        at = datetime.fromtimestamp(at_s, UTC)
        envelope = Envelope[Document].model_construct(
            version=VERSION,
            generated_at=at,
            ttl_s=terms.ttl_s,
            valid_until=at + timedelta(seconds=terms.valid_s),
            license=self.license,
            publisher=self.publisher,
        )
        return envelope.model_dump_json().encode().removesuffix(b"}")


def _in_all(languages: tuple[str, ...], name: Mapping[str, str]) -> dict[str, str]:
    """Without a text of its own, each language has that of the first."""
    return {**name, **{tag: name.get(tag) or name[languages[0]] for tag in languages}}
