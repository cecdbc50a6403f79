"""All parts of one agent, and what it does by itself: listens for the server, keeps numbers and copies fresh, uploads,
reports how it is, and does once what staff tell it."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from queue_core.domain.attendance import REPORT_EVERY_S
from queue_core.domain.errors import WartezoneError
from queue_core.real_clock import real_ms
from ticket_kiosk.agent.copies import Copies
from ticket_kiosk.agent.draws import Draws
from ticket_kiosk.agent.files import FOLDER
from ticket_kiosk.agent.journal import Journal
from ticket_kiosk.agent.ledger import Ledger
from ticket_kiosk.agent.link import AWAY_AFTER_S, Link
from ticket_kiosk.agent.numbers import Numbers
from ticket_kiosk.agent.orders import Orders
from ticket_kiosk.agent.papers import Papers
from ticket_kiosk.agent.place import Place, kept_place
from ticket_kiosk.agent.rehearsal import Rehearsal
from ticket_kiosk.agent.trusting import pinned
from ticket_kiosk.agent.uploads import Uploads

log = logging.getLogger(__name__)

_PURGE_EVERY_S = 900.0
_AFTER_FAULT_S = 1.0
#: Of the pauses between sentences: a start has better to do.
_REHEARSED_AFTER = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """`probe_s` between looks for a server that is away, `place_s` between two of the server's documents, `printer_s`
    between two looks at the printer, `report_s` between two reports, `speech_s` between sentences fetched ahead."""

    away_after_s: float = AWAY_AFTER_S
    probe_s: float = 1.0
    place_s: float = 30.0
    printer_s: float = 3.0
    report_s: float = REPORT_EVERY_S
    speech_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Means:
    """`server` and `token` lead to the office, `kiosk` is its name there; `printer` is used instead of the configured
    one; `data` is the agent's own folder; `certificate` is the server's, where no authority vouches for it."""

    server: str
    kiosk: str
    token: str = field(repr=False)
    data: Path
    printer: str = ""
    pace: Pace = Pace()
    certificate: Path | None = None


class House:
    def __init__(self, means: Means) -> None:
        means.data.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        self.means = means
        self._journal = Journal(means.data / "journal.jsonl")
        self._news = asyncio.Event()
        self.ledger = Ledger(self._journal)
        trusts = pinned(means.certificate) if means.certificate else None
        self.link = Link(means.server, means.token, self._news.set, means.pace.away_after_s, trusts)
        self.papers = Papers(self.ledger, self._news.set)
        self.numbers = Numbers(self.ledger, means.kiosk)
        self.draws = Draws(self.ledger, self.link, self.numbers, lambda: self.papers.place)
        self.copies = Copies(means.data / "copies", means.kiosk)
        self._rehearsal = Rehearsal(self.copies, self.link)
        self._uploads = Uploads(self.ledger, self.link, means.kiosk)
        self._orders = Orders(self.ledger, self.papers)
        self._settle(kept_place(means.data))

    @property
    def place(self) -> Place | None:
        return self.draws.place

    def state(self) -> dict[str, Any]:
        """As the page has it."""
        said = self.papers.said
        printer = {"state": self.papers.word, "paper": said.paper.value, "cover_open": said.cover_open}
        return {
            "printer": {**printer, "online": said.online, "fault": said.fault},
            "server": "up" if self.link.up else "away",
            "since_ms": self.link.since_ms,
            "emergency_left": self.numbers.left(self.place),
            "out_of_service": self.place is not None and self.place.is_out_of_service,
        }

    def take(self, is_out: bool) -> None:
        """Staff took the kiosk out of service or put it back just now: an outage may begin before the server's next
        document."""
        if self.place is not None:
            self.draws.place = self.place.taken(is_out)
            self.draws.place.save(self.means.data)

    async def begin(self) -> None:
        """One look at server and printer, so that the first visitor is not taken for one of an outage. Numbers are lent
        before the first report, which would raise an alarm without them."""
        await self.link.probe()
        await asyncio.gather(_tried(self.papers.look), _tried(self._refresh))
        await _tried(self._refill)

    async def run(self) -> None:
        """For ever; what fails is told of, and tried again."""
        pace = self.means.pace
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_again(self.papers.look, pace.printer_s))
            tasks.create_task(_again(self._listen, pace.probe_s))
            tasks.create_task(_again(self._refresh, pace.place_s))
            tasks.create_task(_again(self._report, 0))
            tasks.create_task(_again(self._purge, _PURGE_EVERY_S))
            tasks.create_task(_again(self._rehearse, pace.speech_s, _REHEARSED_AFTER * pace.speech_s))

    async def close(self) -> None:
        await self.papers.close()
        await self.link.close()
        self._journal.close()

    async def _listen(self) -> None:
        """While the server is away: is it back? When it is: everything that waited for it."""
        if not self.link.up and await self.link.probe():
            await self._refresh()
        if self.link.up:
            await self._uploads.send()
            await self._refill()

    async def _refill(self) -> None:
        if self.link.up and self.place:
            await self.numbers.refill(self.link, self.place)

    async def _refresh(self) -> None:
        if not self.link.up:
            return
        answer = await self.link.ask("GET", f"/kiosk/{self.means.kiosk}/emergency")
        if answer is None:
            return
        if not answer.is_success:
            log.error("the server tells this agent nothing (status %d): is its token right?", answer.status_code)
            return
        place = Place.of(answer.json(), real_ms())
        self._settle(place)
        place.save(self.means.data)
        await self.copies.refresh(self.link, place)

    def _settle(self, place: Place | None) -> None:
        self.draws.place = place
        try:
            printer = place.printer(self.means.printer, self.means.data) if place else None
            self.papers.use(printer, self.means.data)
        except WartezoneError as e:
            log.error("the printer cannot be used: %s", e)

    async def _report(self) -> None:
        """Every few seconds, and at once when the printer or the server turned."""
        self._news.clear()
        if self.link.up and self.place:
            await self._orders.exchange(self.link, self.place, self._facts())
        try:
            async with asyncio.timeout(self.means.pace.report_s):
                await self._news.wait()
        except TimeoutError:
            return

    def _facts(self) -> dict[str, Any]:
        now_ms, said = real_ms(), self.papers.said
        rejected = sum(1 for _ in self.ledger.rejected())
        printer = {"online": said.online, "paper": said.paper.value, "cover_open": said.cover_open, "fault": said.fault}
        return {
            "clock_ms": now_ms,
            "server": "up" if self.link.up else "away",
            "journal": {**self.papers.facts(now_ms), "refused": rejected},
            **self._emergency(),
            **({"printer": printer} if self.papers.place else {}),
        }

    def _emergency(self) -> dict[str, int]:
        """Not between the beginning of a business day and the first try to borrow for it: staff would be alarmed."""
        is_known = self.place is not None and self.numbers.are_asked_for(self.place)
        return {"emergency_left": self.numbers.left(self.place)} if is_known else {}

    async def _rehearse(self) -> None:
        if self.place:
            await self._rehearsal.step(self.place.build, self.numbers.spare(self.place))

    async def _purge(self) -> None:
        self.ledger.purge(real_ms())


async def _again(deed: Any, every_s: float, first_s: float = 0) -> None:
    await asyncio.sleep(first_s)
    while True:
        if not await _tried(deed):
            await asyncio.sleep(_AFTER_FAULT_S)
        await asyncio.sleep(every_s)


async def _tried(deed: Any) -> bool:
    try:
        await deed()
    except Exception:  # the top of a loop: the kiosk goes on, whatever fails beside it
        log.exception("%s failed", getattr(deed, "__name__", deed))
        return False
    return True
