"""Finding one of many zones by what people call it. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from queue_core.domain.office import Text, Zone

#: Up to so many are seen at a glance.
FEW = 8
_NEVER_MS = 2**62

Shown = Mapping[str, Any]


def plain(text: str) -> str:
    """As it is compared: without case, accents, and what is between words."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c)).split())


def names(zone: Zone) -> str:
    """All that somebody may look for, in every language, as it is compared."""
    texts: list[Text] = [zone.name, *(service.name for service in zone.services.values())]
    found = [word for text in texts for word in text.values()]
    if zone.address:
        found += [zone.address.street, zone.address.postal_code, zone.address.town]
    return plain(" ".join(dict.fromkeys(found)))


def found(zone: Zone, query: str) -> bool:
    """Whether every word of the query begins or stands in one of its names."""
    known = names(zone)
    return all(word in known for word in plain(query).split())


def in_order(zones: Iterable[Shown], language: str) -> list[Shown]:
    """Those that are open first, then those that open soonest, then by name."""
    return sorted(
        zones, key=lambda zone: (_opens_ms(zone), plain(zone["place"].name.get(language, "")), zone["place"].id)
    )


def _opens_ms(zone: Shown) -> int:
    services = zone["state"]["services"]
    if any(service["open"] for service in services):
        return 0
    return min((service["opens_ms"] or _NEVER_MS for service in services), default=_NEVER_MS)
