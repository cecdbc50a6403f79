"""How true what was shown has been: the range on a ticket when it was drawn, held against its first call."""

from dataclasses import dataclass

from queue_core.domain.model import Record

#: Shares are told of so many.
HUNDRED = 100
#: Of fewer visits nothing is told in public: it would tell of people, and of nothing else.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Quality(Record):
    """Of one business day, or of several summed up. Counted are tickets that were called after a minute and more:
    nobody needs a forecast for less, and idle waits would flatter.

    `within`: called within the range shown, as it was worded; `too_short`: called later than it; `unknown`: none was
    shown. Sums over tickets with a range, seconds: `error_s` of |p50 - wait|, `bias_s` of p50 - wait (positive: said
    too long), `wait_s` of waits. `left` gave the ticket back before a call that nobody knows.
    """

    days: int = 0
    tickets: int = 0
    within: int = 0
    too_short: int = 0
    unknown: int = 0
    left: int = 0
    wait_s: float = 0.0
    error_s: float = 0.0
    bias_s: float = 0.0

    @property
    def judged(self) -> int:
        """Tickets with a range: what can be held against the wait that came."""
        return self.tickets - self.unknown

    def of_hundred(self, tickets: int) -> int:
        """Of 100 judged ones so many; some must be judged."""
        return round(HUNDRED * tickets / self.judged)

    def __add__(self, other: "Quality") -> "Quality":
        return Quality(*(getattr(self, name) + getattr(other, name) for name in self.__match_args__))
