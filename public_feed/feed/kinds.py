"""What kinds of documents the feed has: where each lies, how old it may get, what form it has."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from queue_core.web.edition import JSON, Printed, Printer
from queue_core.web.operation import Handler, Operation
from queue_core.web.press import Terms

ROOT = "/feed/v1"
KOELN_PATH = "/feed/koeln/waiting-od.json"
FIWARE_PATH = "/feed/fiware/queue-monitor.jsonld"
CSV = "text/csv; charset=utf-8; header=present"
ATOM = "application/atom+xml"
JSON_LD = "application/ld+json"

STATUS_TERMS = Terms(ttl_s=5, valid_s=90)
STATIC_TERMS = Terms(ttl_s=300, valid_s=86_400)
NEWS_TERMS = Terms(ttl_s=60, valid_s=86_400)
#: Of ended days, which stay as they are; an hour, so that an archive that was erased does not live on in caches.
PAST_TERMS = Terms(ttl_s=3600, valid_s=86_400)

_TAG = "feed"


@dataclass(frozen=True, slots=True)
class Kind:
    """`open` prints it; what only the store knows has a `handle` instead. `model`: of JSON the document, of CSV a line.
    `standard`: of a form that is not ours, where it is laid down."""

    path: str
    summary: str
    terms: Terms
    open: Callable[..., Printer] | None = None
    handle: Handler | None = None
    model: type[BaseModel] | None = None
    media_type: str = JSON
    standard: str | None = None

    def operation(self) -> Operation:
        handle = Printed(self.open) if self.open else self.handle
        assert handle is not None
        reply = self.model if self.media_type == JSON else None
        return Operation(
            "GET", self.path, handle, self.summary, None, reply=reply, media_type=self.media_type, tag=_TAG
        )
