"""What staff tell the agent to do, by its reports: each order once, also where it is told twice or dies in between."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson

from queue_core.domain.orders import OrderName
from queue_core.real_clock import real_ms
from queue_core.web.words import FALLBACK_LANGUAGE, translations
from ticket_kiosk import PACKAGE
from ticket_kiosk.agent.ledger import Kind, Ledger
from ticket_kiosk.agent.link import Link
from ticket_kiosk.agent.papers import Papers
from ticket_kiosk.agent.place import Place
from ticket_kiosk.printers.port import Printed
from ticket_kiosk.receipt import Line, Size, line_of

log = logging.getLogger(__name__)


class Orders:
    def __init__(self, ledger: Ledger, papers: Papers) -> None:
        self._ledger, self._papers = ledger, papers
        self._done: list[str] = []

    async def exchange(self, link: Link, place: Place, facts: Mapping[str, Any]) -> None:
        """Reports the facts and what was done, then does what is told."""
        done = list(self._done)
        report = {"build": place.build, "facts": facts, "done": done}
        answer = await link.ask("POST", f"/devices/agent/{place.told['kiosk']}/report", json=report)
        if answer is None or not answer.is_success:
            return
        self._done = [id_ for id_ in self._done if id_ not in done]
        for order in orjson.loads(answer.content)["commands"]:
            await self._do(order, place)

    async def _do(self, order: Mapping[str, Any], place: Place) -> None:
        """Noted before it is done: an agent that dies in between does it no second time."""
        if order["id"] not in self._ledger.orders:
            self._ledger.note({"kind": Kind.ORDER, "of": order["id"], "name": order["name"]}, now_ms=real_ms())
            lines = _lines(order, place)
            if lines:
                printed = await self._papers.print_once(lines)
                log.info("%s: %s", order["name"], printed)
                if order["name"] == OrderName.REPRINT and printed is Printed.PRINTED:
                    self._papers.replaced(str(order["value"].get("ticket", "")))
        self._done.append(order["id"])


def _lines(order: Mapping[str, Any], place: Place) -> list[Line]:
    match order["name"]:
        case OrderName.REPRINT:
            return [line_of(record) for record in order["value"]["lines"]]
        case OrderName.PRINTER_TEST:
            return _test(place)
        case _:
            return []


def _test(place: Place) -> list[Line]:
    """Says of itself that it is none, so that nobody waits with it."""
    _ = translations(PACKAGE, FALLBACK_LANGUAGE).gettext
    kiosk = str(place.told["kiosk"])
    return [
        Line(Size.MARK, _("Test print"), FALLBACK_LANGUAGE),
        Line(Size.NORMAL, kiosk),
        Line(Size.SMALL, _("This is no ticket. The printer works."), FALLBACK_LANGUAGE),
    ]
