"""From ledgers to what people read: tables, picture, missed goals."""

import io
import json
import math
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from queue_core.evaluate.contestants import ORACLE, OURS
from queue_core.evaluate.evaluation import Evaluation, evaluated
from queue_core.evaluate.files import FIGURES, PAGE, PICTURE, write
from queue_core.evaluate.goals import missed
from queue_core.evaluate.ledger import Ledger
from queue_core.evaluate.plot import calibration
from queue_core.evaluate.report import markdown, show, tables
from queue_core.evaluate.scores import Horizon


def saying(error_s: float, spread_s: float = 200, jumps_s: float = 60) -> Ledger:
    """A hundred waits, from 2 to 40 minutes; each median that far above what came."""
    came = np.linspace(120, 2400, 100)
    said = np.stack([came + error_s - spread_s, came + error_s, came + error_s + spread_s], axis=1)
    return Ledger(said, came, jumps_s=jumps_s, watched_min=1, pairs=100, forecasts=10, forecast_s=0.02, events=10)


def evaluation(ours: Ledger | None = None, oracle: bool = True) -> Evaluation:
    ledgers = {OURS: ours or saying(105), "zms": saying(300)} | ({ORACLE: saying(-100)} if oracle else {})
    return evaluated("Two offices", {"rush": "Rush", "drift": "Drift"}, {"rush": ledgers, "drift": ledgers})


def test_the_first_table_is_everybodys_error_over_the_oracles() -> None:
    table = next(tables(evaluation()))
    assert table.columns == ["office", "wait, min", "oracle, min", "ours", "goal", "ZMS"]
    assert table.rows[0] == ["Rush", "21.0", "1.7", "1.05", "1.10", "3.00"]
    assert table.rows[1][4] == "1.20"
    assert table.rows[-1] == ["mean", "", "", "1.05", "1.10", "3.00"]


def test_without_an_oracle_errors_are_minutes() -> None:
    table = next(tables(evaluation(oracle=False)))
    assert table.columns == ["office", "wait", "ours", "ZMS"]
    assert table.rows[0] == ["Rush", "21.0", "1.8", "5.0"]


def test_every_row_is_as_wide_as_its_head() -> None:
    for oracle in (True, False):
        for table in tables(evaluation(oracle=oracle)):
            assert {len(row) for row in table.rows} == {len(table.columns)}, table.title


def test_the_page_holds_the_tables_of_the_terminal() -> None:
    page, screen = markdown(evaluation()), io.StringIO()
    show(evaluation(), Console(file=screen, width=200))
    for table in tables(evaluation()):
        assert f"**{table.title}**" in page
        assert table.title in screen.getvalue()
        assert all(cell in screen.getvalue() for cell in table.rows[0][1:])
    assert "[p10, p90]" in screen.getvalue()


def test_a_missed_goal_is_named_with_figure_and_goal() -> None:
    lines = missed(evaluation(saying(130)))
    assert "rush: error 1.30 x the oracle's, goal 1.10" in lines
    assert "drift: error 1.30 x the oracle's, goal 1.20" in lines
    assert "all: mean of the errors 1.30 x the oracle's, goal 1.10" in lines
    assert "rush: bias +2.2 min, goal within 1" in lines


@pytest.mark.parametrize(
    ("ours", "fault"),
    [
        (saying(10, spread_s=5), "after p90"),
        (saying(-10, spread_s=5), "100.0% after p90, goal 13%"),
        (saying(10), "100.0% within [p10, p90], goal 73% to 87%"),
        (saying(10, jumps_s=90), "jumps 1.50 x the oracle's, goal 1.25"),
    ],
    ids=["never-late", "late", "wide", "restless"],
)
def test_each_kind_of_goal_can_be_missed(ours: Ledger, fault: str) -> None:
    found = any(fault in line for line in missed(evaluation(ours)))
    assert found is (fault != "after p90")


def test_the_picture_is_one_line_a_method_and_panel() -> None:
    found = evaluation()
    picture = calibration(found)
    root = ET.fromstring(picture)
    assert "Calibration" in str(root[0].text)
    lines = [e for e in root if e.tag.endswith("polyline")]
    in_panels = [e for e in lines if len(e.attrib["points"].split()) == 3]
    counted = [scored.by_horizon[horizon].tickets for scored in found.pooled.values() for horizon in Horizon]
    assert len(in_panels) == sum(tickets >= 20 for tickets in counted) > 3
    assert len(lines) - len(in_panels) == 3
    assert {"ours", "ZMS", "oracle"} <= {e.text for e in root if e.tag.endswith("text")}


def test_the_diagonal_of_the_picture_is_where_word_and_outcome_agree() -> None:
    """A tenth is called by p10, half by p50, nine tenths by p90."""
    came = np.arange(100.0, 1100.0, 50.0)
    fair = Ledger(np.tile([175.0, 575.0, 975.0], (20, 1)), came)
    picture = calibration(evaluated("fair", {"x": "x"}, {"x": {OURS: fair}}))
    [points, *_] = [p for p in re.findall(r'points="([^"]+)"', picture) if len(p.split()) == 3]
    xs, ys = zip(*(map(float, point.split(",")) for point in points.split()), strict=True)
    assert xs[2] - xs[0] == pytest.approx(ys[0] - ys[2])
    assert xs[1] - xs[0] == pytest.approx(ys[0] - ys[1])


def test_files_hold_every_figure(tmp_path: Path) -> None:
    files = write(evaluation(), tmp_path / "new")
    assert [file.name for file in files] == [FIGURES, PAGE, PICTURE]
    figures = json.loads(files[0].read_text())
    ours = figures["courses"]["rush"][OURS]
    assert ours["by_horizon"]["all"]["mae_ratio"] == pytest.approx(1.05)
    assert figures["mean_mae_ratio"]["zms"] == pytest.approx(3)
    assert set(figures["pooled"]) == {OURS, "zms", ORACLE}


def test_nothing_said_at_all_is_a_table_without_figures() -> None:
    silent = Ledger(np.full((5, 3), math.nan), np.full(5, 600.0))
    found = evaluation(silent)
    assert found.pooled[OURS].unknown == 10
    assert next(tables(found)).rows[0][3] == "–"
    assert missed(found) == []
