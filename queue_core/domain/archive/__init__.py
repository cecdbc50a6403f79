"""A day without its people: what statistics and learning keep of an ended day, and how it is read again.

Lines are JSON objects: a head, then one line an event; docs/archive.md has every field. Tickets and appointments are
their ordinals within the day, counters are sessions numbered anew each day, times are whole seconds (`_s`). Ids,
numbers, lenders, notes, outcomes and command ids are left out.
"""

from queue_core.domain.archive.reading import events_of
from queue_core.domain.archive.seats import sessions_of
from queue_core.domain.archive.writing import deidentified

__all__ = ["deidentified", "events_of", "sessions_of"]
