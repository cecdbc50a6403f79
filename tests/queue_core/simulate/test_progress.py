import io
from datetime import date, time

from rich.console import Console

from queue_core.domain.calendar import business_day, local_ms
from queue_core.simulate.day import draw
from queue_core.simulate.player import Standing
from queue_core.simulate.progress import day_bars
from tests.support.offices import town_hall

HALL = town_hall()


def test_bar_tells_where_the_day_is() -> None:
    noon_ms = local_ms(HALL, date(2030, 1, 7), time(12))
    day = draw(HALL, business_day(HALL, noon_ms), 1)
    assert day is not None
    screen = io.StringIO()
    with day_bars([HALL], Console(file=screen, force_terminal=True, width=100)) as watch:
        watch(HALL)(Standing(day, noon_ms, waiting=7, at_counters=3, served=42))
    shown = screen.getvalue()
    assert "Halle" in shown
    assert "07.01. 12:00" in shown
    assert "7 waiting" in shown
    assert "42 served" in shown
