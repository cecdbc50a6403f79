"""The first method's promise on days of an office that no scenario has. Loose on purpose: six days only."""

from datetime import date, time

import pytest

from queue_core.domain.calendar import business_day, local_ms
from queue_core.domain.snapshot import Snapshot
from queue_core.estimate.queue_length.method import QueueLength
from queue_core.evaluate.ledger import Ledger
from queue_core.evaluate.scores import scores
from queue_core.evaluate.trial import trial
from queue_core.simulate.day import draw
from queue_core.simulate.paper import PaperZone
from queue_core.simulate.paper_port import PaperPort
from queue_core.simulate.player import play
from tests.support.offices import town_hall


@pytest.mark.slow
async def test_queue_length_keeps_its_promise_on_simulated_days() -> None:
    zone, ledger = town_hall(), Ledger()
    day = business_day(zone, local_ms(zone, date(2030, 1, 7), time(12)))
    for seed in range(200, 206):
        drawn, paper = draw(zone, day, seed), PaperZone(zone, day.from_ms)
        assert drawn is not None
        await play(zone, drawn, PaperPort(paper))
        ledger += trial(QueueLength(zone), paper.log, Snapshot())
    found = scores(ledger)
    said = found.all
    assert said.tickets > 500
    assert 0.68 < (said.coverage or 0) < 0.9
    assert (said.late or 0) < 0.2
    assert abs(said.bias_s or 0) < 120
    assert (said.mae_s or 0) < 0.5 * (found.mean_wait_s or 0)
    assert found.unknown < 0.03 * said.tickets
