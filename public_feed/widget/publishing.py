"""What pages of others load: the script, and what it shows. Printed, for everybody, from any site."""

from importlib.resources import files

import orjson

from public_feed.widget.card import PACKAGE, VALID_S, Card, card
from queue_core.domain.model import ZoneId
from queue_core.domain.views.view import View
from queue_core.web.assets import SCRIPT as JAVASCRIPT
from queue_core.web.edition import Edition, Printed, Printer, tag_of
from queue_core.web.face import Frame
from queue_core.web.operation import Operation
from queue_core.web.press import Press, Terms
from queue_core.web.problems import not_found
from queue_core.web.words import languages

ROOT = "/widget/v1"
SCRIPT = f"{ROOT}.js"
SHOWN_TERMS = Terms(ttl_s=5, valid_s=VALID_S)
#: A page of somebody else keeps the address for years; what lies there may be mended.
_SCRIPT_CACHE = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"
_TAG = "widget"


def script(_frame: Frame) -> Printer:
    body = (files(PACKAGE) / "static" / "v1.js").read_bytes()
    edition = Edition(body, tag_of(body), _SCRIPT_CACHE, JAVASCRIPT, all_sites=True)
    return lambda: edition


def shown(frame: Frame, zone: str, language: str) -> Printer:
    if language not in languages(PACKAGE):
        raise not_found()
    zone_id = frame.engine.zone(zone).id
    press = Press(
        SHOWN_TERMS,
        lambda: _version(frame, zone_id),
        lambda _: told(frame, zone_id, language).model_dump_json().encode(),
    )
    return press.edition


def shown_here(frame: Frame, zone: str) -> Printer:
    """In the zone's first language."""
    offered = [tag for tag in frame.engine.zone(zone).languages if tag in languages(PACKAGE)]
    return shown(frame, zone, offered[0] if offered else languages(PACKAGE)[0])


def told(frame: Frame, zone: ZoneId, language: str) -> Card:
    state = orjson.loads(frame.hub.state(zone, View.PUBLIC))
    return card(frame.engine.zone(zone), language, state, frame.observed_ms(zone), frame.settings.base_url)


def _version(frame: Frame, zone: ZoneId) -> tuple[int, bool]:
    return frame.hub.version(zone), frame.hub.is_current(zone)


OPERATIONS = (
    Operation("GET", SCRIPT, Printed(script), "The widget: an ES module", None, media_type=JAVASCRIPT, tag=_TAG),
    Operation(
        "GET",
        f"{ROOT}/{{zone}}.json",
        Printed(shown_here),
        "What the widget shows of a zone, in the zone's first language",
        None,
        reply=Card,
        tag=_TAG,
    ),
    Operation(
        "GET",
        f"{ROOT}/{{zone}}/{{language}}.json",
        Printed(shown),
        "What the widget shows of a zone, in one of our languages",
        None,
        reply=Card,
        tag=_TAG,
    ),
)
