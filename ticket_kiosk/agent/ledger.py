"""What the journal's steps add up to: draws by their keys, papers, blocks of lent numbers, orders carried out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ticket_kiosk.agent.journal import Journal, Step

#: After its last step; the business day of whoever drew is over by then, or will be within hours (docs/kiosk.md).
KEPT_MS = 12 * 3_600_000
#: Blocks live for a business day, which is never longer than two of the calendar's.
BLOCK_KEPT_MS = 48 * 3_600_000


class Kind(StrEnum):
    """Every step names what it is `of`: a draw's key, a block's or an order's id."""

    ASKED = "asked"
    DRAWN = "drawn"
    LENT = "lent"
    UPLOADED = "uploaded"
    PAPER = "paper"
    BLOCK_ASKED = "block_asked"
    BLOCK = "block"
    USED = "used"
    ORDER = "order"


#: A block's key goes with it: asked with that again, the server lends the very same numbers.
_OF_BLOCKS = frozenset({Kind.BLOCK_ASKED, Kind.BLOCK, Kind.USED})


class PaperState(StrEnum):
    PRINTING = "printing"
    PRINTED = "printed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Paper:
    """One ticket's paper; `job` is what the page calls it by."""

    job: str
    key: str
    lines: list[dict[str, Any]]
    state: PaperState
    reason: str
    at_ms: int


@dataclass(slots=True)
class Draw:
    """`asked` is what the page sent. `answer` is there once somebody has a number; `lent` where that number is one of
    ours. `uploaded` says what the server made of it."""

    key: str
    asked: dict[str, Any] = field(default_factory=dict)
    at_ms: int = 0
    answer: dict[str, Any] | None = None
    lent: dict[str, Any] | None = None
    uploaded: dict[str, Any] | None = None

    @property
    def pending(self) -> bool:
        return self.lent is not None and self.uploaded is None


@dataclass(slots=True)
class Block:
    """Numbers of `series` lent to this kiosk on one business day; `next` is the first that nobody has."""

    id: str
    zone: str
    series: str
    prefix: str
    digits: int
    first: int
    last: int
    day: str
    next: int

    @property
    def left(self) -> int:
        return self.last - self.next + 1

    def number(self, n: int) -> str:
        return f"{self.prefix}{n:0{self.digits}d}"


class Ledger:
    """Steps go into the journal first; what is read here is on the disk."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._forget()
        remembered = journal.open()
        for step in remembered.steps:
            self._keep(step)
        if remembered.damaged:  # one of them may have given a number away
            self._leave([step for step in self._steps if step["kind"] not in _OF_BLOCKS])

    def note(self, *steps: Step, now_ms: int) -> None:
        timed = [{**step, "at_ms": now_ms} for step in steps]
        self._journal.append(*timed)
        for step in timed:
            self._keep(step)

    def purge(self, now_ms: int) -> None:
        """Forgets what is over and old; what the server has not heard of stays until it has."""
        newest: dict[str, int] = {}
        for step in self._steps:
            newest[step["of"]] = step["at_ms"]
        old = {of for of, at_ms in newest.items() if at_ms + self._kept_ms(of) < now_ms and not self._is_pending(of)}
        if old:
            self._leave([step for step in self._steps if step["of"] not in old])

    def paper_of(self, key: str) -> Paper | None:
        return next((paper for paper in self.papers.values() if paper.key == key), None)

    def pending(self) -> list[Draw]:
        """What the server must still hear of, in the order of giving."""
        return [draw for draw in self.draws.values() if draw.pending]

    def rejected(self) -> Iterator[Draw]:
        return (draw for draw in self.draws.values() if draw.uploaded and draw.uploaded["state"] == "refused")

    def _leave(self, steps: list[Step]) -> None:
        self._journal.rewrite(steps)
        self._forget()
        for step in steps:
            self._keep(step)

    def _is_pending(self, of: str) -> bool:
        return of in self.draws and self.draws[of].pending

    def _kept_ms(self, of: str) -> int:
        return BLOCK_KEPT_MS if of in self.blocks else KEPT_MS

    def _forget(self) -> None:
        self._steps: list[Step] = []
        self.draws: dict[str, Draw] = {}
        self.papers: dict[str, Paper] = {}
        self.blocks: dict[str, Block] = {}
        self.wanted_blocks: set[str] = set()
        self.orders: set[str] = set()

    def _keep(self, step: Step) -> None:
        self._steps.append(step)
        of = step["of"]
        match Kind(step["kind"]):
            case Kind.ORDER:
                self.orders.add(of)
            case Kind.PAPER:
                self._keep_paper(step)
            case Kind.BLOCK_ASKED:
                self.wanted_blocks.add(of)
            case Kind.BLOCK:
                self.wanted_blocks.discard(of)
                self.blocks[of] = Block(**step["block"], next=step["block"]["first"])
            case Kind.USED:
                if of in self.blocks:
                    self.blocks[of].next = max(self.blocks[of].next, step["n"] + 1)
            case kind:
                self._keep_draw(kind, step)

    def _keep_draw(self, kind: Kind, step: Step) -> None:
        draw = self.draws.setdefault(step["of"], Draw(step["of"], at_ms=step["at_ms"]))
        match kind:
            case Kind.ASKED:
                draw.asked = step["asked"]
            case Kind.DRAWN:
                draw.answer = step["answer"]
            case Kind.LENT:
                draw.answer, draw.lent = step["answer"], step["lent"]
            case _:
                draw.uploaded = step["uploaded"]

    def _keep_paper(self, step: Step) -> None:
        job, state = step["job"], PaperState(step["state"])
        known = self.papers.get(job)
        if known is None:
            known = self.papers[job] = Paper(job, step["of"], [], state, "", step["at_ms"])
        known.lines = step.get("lines", known.lines)
        known.state, known.reason, known.at_ms = state, step.get("reason", ""), step["at_ms"]
