"""What the store's log tells, taken into the feeds: news as they come, lost history begun anew, silence retried."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from queue_core.domain.errors import HistoryLost, StoreAway
from queue_core.domain.model import ZoneId
from queue_core.domain.views.scene import Outlook
from queue_core.live.feed import Feed
from queue_core.store.reader import Estimated, Happened, LogReader, News, Opened

log = logging.getLogger(__name__)

_RETRY_LEAST_S = 0.05
_RETRY_MOST_S = 1.0
HISTORY_LOST = "history_lost"

BeginEpoch = Callable[[ZoneId, str, int], Awaitable[None]]


class LogFollower:
    """`opened` is set once every zone has been read."""

    def __init__(
        self, feeds: Mapping[ZoneId, Feed], begin_epoch: BeginEpoch, outlook: Callable[[Mapping[str, Any]], Outlook]
    ) -> None:
        self.opened = asyncio.Event()
        self._feeds = feeds
        self._begin_epoch, self._outlook = begin_epoch, outlook
        self._lost: dict[ZoneId, int] = {}
        self._stopping = False

    def stop(self) -> None:
        """What is under way ends with its reader, and is told to nobody."""
        self._stopping = True

    async def follow(self, reader: LogReader) -> None:
        pause_s = _RETRY_LEAST_S
        while not self._stopping:
            try:
                await self._begin_lost_epochs(reader)
                for news in await reader.read():
                    self._take(news)
                    await asyncio.sleep(0)  # requests must not wait until every zone's news is told
            except HistoryLost as e:
                log.critical("%s; a new epoch begins", e)
                self._lost[ZoneId(e.zone)] = e.epoch
                self._away([ZoneId(e.zone)])
                continue
            except StoreAway as e:
                if not self._stopping:
                    log.warning("the log cannot be read: %s", e.cause)
                self._away(reader.zones)
            except Exception:
                if self._stopping:
                    return
                log.exception("the log could not be followed; its zones are read anew")
                reader.reopen()
                self._away(reader.zones)
            else:
                pause_s = _RETRY_LEAST_S
                self._read(reader.zones)
                continue
            await asyncio.sleep(random.uniform(pause_s / 2, pause_s))
            pause_s = min(2 * pause_s, _RETRY_MOST_S)

    async def _begin_lost_epochs(self, reader: LogReader) -> None:
        """Before the zone is read again: what the store holds now may be older than what everybody has seen."""
        for zone in [z for z in reader.zones if z in self._lost]:
            await self._begin_epoch(zone, HISTORY_LOST, self._lost[zone])
            del self._lost[zone]

    def _take(self, news: News) -> None:
        feed = self._feeds[news.zone]
        match news:
            case Opened():
                feed.open(news.snapshot, news.tail)
            case Happened():
                feed.happened(news.events)
            case Estimated():
                feed.estimated(self._outlook(news.forecast))

    def _away(self, zones: Iterable[ZoneId]) -> None:
        for zone in zones:
            self._feeds[zone].current = False

    def _read(self, zones: Iterable[ZoneId]) -> None:
        for zone in zones:
            self._feeds[zone].current = True
        if not self.opened.is_set() and all(feed.current for feed in self._feeds.values()):
            self.opened.set()
