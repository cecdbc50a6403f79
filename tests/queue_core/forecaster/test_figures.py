"""What is not counted as it happens is looked at now and then."""

import math

import pytest
from prometheus_client import CollectorRegistry

from queue_core.domain.model import ZoneId
from queue_core.domain.quality import Quality
from queue_core.forecaster import ForecastFigures, figures

HALL, ANNEX = ZoneId("hall"), ZoneId("annex")
AGE, WITHIN = "wartezone_forecast_age_seconds", "wartezone_forecast_within_ratio"
GOOD = Quality(days=5, tickets=110, unknown=10, within=81)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def test_each_zone_has_an_age_and_a_share_once_days_were_judged(
    registry: CollectorRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "LOOK_EVERY_S", 0.0)
    known: dict[ZoneId, Quality | None] = {HALL: GOOD}
    looking = ForecastFigures(registry)
    for age_s in (3.0, 4.0):
        looking.look([HALL, ANNEX], lambda _, age_s=age_s: age_s, known.get)  # type: ignore[misc]
        assert registry.get_sample_value(AGE, {"zone": ANNEX}) == age_s
    assert registry.get_sample_value(WITHIN, {"zone": HALL}) == 0.81
    assert registry.get_sample_value(WITHIN, {"zone": ANNEX}) is None
    known[HALL] = None
    looking.look([HALL, ANNEX], lambda _: 0.0, known.get)
    assert math.isnan(registry.get_sample_value(WITHIN, {"zone": HALL}) or 0.0)


def test_a_thousand_zones_are_not_looked_at_with_every_question(registry: CollectorRegistry) -> None:
    looking = ForecastFigures(registry)
    looking.look([HALL], lambda _: 1.0, lambda _: None)
    looking.look([HALL], lambda _: 2.0, lambda _: None)
    assert registry.get_sample_value(AGE, {"zone": HALL}) == 1.0
