"""How long laws remember: what an observation keeps of its weight with each newer one, and overnight."""

from typing import NamedTuple


class Memory(NamedTuple):
    each: float
    night: float


#: Usual lengths change over weeks, not days.
LENGTHS = Memory(1 - 1 / 2000, 0.95)
#: What people do: come when called, wait, go on to somewhere else.
MANNERS = Memory(1 - 1 / 500, 0.9)
#: What is seen some dozen times a day.
SELDOM = Memory(1 - 1 / 300, 0.95)
