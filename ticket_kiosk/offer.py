"""What a kiosk offers: the services of its zones as they stand now, and the topics that lead to some of them."""

from dataclasses import dataclass
from typing import Any

import orjson

from queue_core.domain.model import ServiceId
from queue_core.domain.office import Topic, Zone
from queue_core.domain.views.view import View
from queue_core.live.hub import Hub
from ticket_kiosk.place import Kiosk

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """One zone's part. `services` are records of the view `waits`, leftovers of an older configuration left out."""

    zone: Zone
    services: tuple[Record, ...]
    now_ms: int

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Those that hold anything."""
        return tuple(topic for topic in self.zone.topics if self.within(topic))

    def within(self, topic: Topic) -> list[ServiceId]:
        return [service for service in topic.services if service in self.zone.services]

    def topics_of(self, service: ServiceId) -> list[str]:
        """The topics that it stands in; in none, it is offered at once."""
        return [topic.id for topic in self.zone.topics if service in topic.services]


def offer(hub: Hub, kiosk: Kiosk) -> tuple[Group, ...]:
    return tuple(_group(hub, zone) for zone in kiosk.zones)


def _group(hub: Hub, zone: Zone) -> Group:
    records = orjson.loads(hub.state(zone.id, View.WAITS))["services"]
    return Group(zone, tuple(r for r in records if r["id"] in zone.services), hub.now_ms(zone.id))


def offered_languages(kiosk: Kiosk, spoken: tuple[str, ...]) -> list[str]:
    """In the order of the configuration; `spoken` are those that the kiosk has words in."""
    wanted = kiosk.place.languages or dict.fromkeys(language for zone in kiosk.zones for language in zone.languages)
    return [language for language in wanted if language in spoken] or list(spoken)
