"""One zone's forecaster: while it holds the lease, an estimator watches the log and all faces get what it says.

A zone at rest costs nothing: what was said of it stays true until something happens or the hours change, so nobody
holds its lease, and no estimator is kept.
"""

from queue_core.forecaster.figures import ForecastFigures
from queue_core.forecaster.ladder import Ladder
from queue_core.forecaster.pace import Pace
from queue_core.forecaster.workbench import Workbench
from queue_core.forecaster.zone import Forecaster, Kept, Surveyed

__all__ = ["ForecastFigures", "Forecaster", "Kept", "Ladder", "Pace", "Surveyed", "Workbench"]
