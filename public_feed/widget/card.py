"""What a widget shows, as sentences of one language: its script has none of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from queue_core.domain.office import Zone
from queue_core.web.teller import Teller
from queue_core.web.words import direction, said, translations

PACKAGE = "public_feed.widget"


class Line(BaseModel):
    """Of a service. `state`: `open`, `stopped`, `closed`, `full`; null while unknown, and so are the sentences."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    state: str | None
    wait: str | None
    queue: str | None


class Card(BaseModel):
    """`stale` is to be said while `observed_at` is null or more than `stale_s` ago; after `valid_s` no waits are to be
    shown any more. `link_text` names the page at `link`."""

    model_config = ConfigDict(frozen=True)

    zone: str
    language: str
    dir: str
    name: str
    site: str
    open: str | None
    lines: list[Line]
    observed: str
    observed_at: str | None
    stale: str
    stale_s: int
    valid_s: int
    link: str
    link_text: str


STALE_S = 45
VALID_S = 90


def card(zone: Zone, language: str, state: Mapping[str, Any], at_ms: int | None, base_url: str) -> Card:
    """`state`: the zone's, as everybody sees it; `at_ms`: zone time of it, None where it tells nothing reliable."""
    words = translations(PACKAGE, language)
    tell, gettext, time_zone = Teller(words, language), words.gettext, zone.time_zone.key
    as_of = gettext("As of {time}").format(time=tell.clock(at_ms, time_zone)) if at_ms is not None else ""
    return Card(
        zone=zone.id,
        language=language,
        dir=direction(language),
        name=said(zone.name, language),
        site=said(zone.site, language),
        open=None if at_ms is None else tell.open(state["services"], at_ms, time_zone),
        lines=[_line(service, tell, language, at_ms, time_zone) for service in state["services"]],
        observed=as_of,
        observed_at=None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(),
        stale=gettext("These figures are old: the connection is interrupted."),
        stale_s=STALE_S,
        valid_s=VALID_S,
        link=f"{base_url}/z/{zone.id}?lang={language}",
        link_text=gettext("All about this waiting zone"),
    )


def _line(service: Mapping[str, Any], tell: Teller, language: str, at_ms: int | None, time_zone: str) -> Line:
    known = at_ms is not None
    return Line(
        id=service["id"],
        name=said(service["name"], language),
        state=service["state"] if known else None,
        wait=tell.service(service, at_ms, time_zone) if at_ms is not None else None,
        queue=tell.count("waiting", service["waiting"]) if known and service["state"] == "open" else None,
    )
