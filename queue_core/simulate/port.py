"""Where a simulated day is played: all that its visitors and clerks may touch."""

from typing import Protocol

from queue_core.domain.commands import Command
from queue_core.domain.model import TicketId


class OfficePort(Protocol):
    """One zone and its clock."""

    async def advance_to(self, at_ms: int) -> None:
        """Returns when the zone's clock has reached `at_ms`: at once where the clock is set by hand."""
        ...

    async def do(self, command: Command) -> TicketId | None:
        """Carries the command out exactly once, however often it must be sent.

        Returns the ticket that was issued or called, None where neither happened (nobody eligible). Raises `Refused`.
        """
        ...
