"""Who takes part: ours, our first method, the peers' rules. The oracle stands beside them (`oracle.py`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from queue_core.domain.office import Zone
from queue_core.estimate.method import Method
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.evaluate.ours import Ours
from queue_core.evaluate.rivals.ahead import PeopleAhead, TypedAverage
from queue_core.evaluate.rivals.history import HeadOfLine, LastToEnter
from queue_core.evaluate.rivals.regression import Regression

OURS = "ours"
ORACLE = "oracle"


@dataclass(frozen=True, slots=True)
class Contestant:
    """`hears_itself`: learns from what came of its own forecasts, so that it must be asked on training days too."""

    title: str
    make: Callable[[Zone], Method]
    hears_itself: bool = False


CONTESTANTS: Mapping[str, Contestant] = MappingProxyType(
    {
        OURS: Contestant("ours", Ours, hears_itself=True),
        "queue_length": Contestant("queue length", QueueLength),
        "regression": Contestant("regression", Regression),
        "zms": Contestant("ZMS", TypedAverage),
        "people_ahead": Contestant("ahead x average", PeopleAhead),
        "les": Contestant("LES", LastToEnter),
        "hol": Contestant("HOL", HeadOfLine),
    }
)
