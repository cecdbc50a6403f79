"""`wartezone evaluate` and `wartezone simulate --replay`, as a person at a shell meets them."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from queue_core import cli
from queue_core.domain.commands import CallNext, Finish, Issue, OpenCounter
from queue_core.domain.model import ClassId, CounterId, ServiceId, TicketId
from queue_core.evaluate.contestants import CONTESTANTS, ORACLE
from queue_core.evaluate.files import FIGURES, PAGE, PICTURE
from queue_core.evaluate.scores import Horizon
from queue_core.office_file import load_office
from queue_core.simulate.paper import PaperZone
from tests.queue_core.evaluate.days import NINE_MS
from tests.support.office_files import office_file

ONE, NEW, NORMAL = CounterId("1"), ServiceId("new"), ClassId("normal")


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def wartezone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("WARTEZONE_CONFIG", str(office_file(tmp_path)))
    monkeypatch.setenv("WARTEZONE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["wartezone", *arguments])
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Done(code, *capsys.readouterr())

    return run


def morning_log(folder: Path, visits: int = 12) -> Path:
    """One counter, ten minutes a visit; everybody comes at once."""
    zone = next(iter(load_office(office_file(folder)).values()))
    paper = PaperZone(zone, NINE_MS)
    paper.do(OpenCounter(ONE))
    for n in range(visits):
        paper.do(Issue(NEW, NORMAL, TicketId(f"t{n}")))
    for _ in range(visits):
        paper.do(CallNext(ONE))
        paper.now_ms += 600_000
        paper.do(Finish(ONE))
    file = folder / "morning.jsonl"
    file.write_text("".join(json.dumps(event.to_json()) + "\n" for event in paper.log))
    return file


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere.jsonl",), "wartezone: nowhere.jsonl: no such file or directory"),
        (("torn.jsonl",), "wartezone: torn.jsonl:1: is not JSON: "),
        (("torn.jsonl", "--zone", "attic"), "wartezone: there is no zone 'attic'"),
        (("--scenarios", "rush,moon"), "wartezone: there is no scenario 'moon', only stationary, rush, "),
    ],
    ids=["no-file", "torn", "no-zone", "no-scenario"],
)
def test_a_fault_is_one_line_and_code_2(wartezone: Run, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    (tmp_path / "torn.jsonl").write_text('{"epoch": 1,')
    done = wartezone("evaluate", *arguments)
    assert (done.code, done.out) == (cli.USAGE, "")
    [line] = done.err.splitlines()
    assert line.startswith(told)


def test_a_log_in_which_nobody_waited_has_nothing_to_score(wartezone: Run, tmp_path: Path) -> None:
    done = wartezone("evaluate", str(morning_log(tmp_path, visits=1)))
    assert done.code == cli.USAGE
    assert done.err == "wartezone: nobody waited for a minute and was called on the days to be scored\n"


@pytest.mark.slow
def test_a_log_is_scored_for_every_method_and_written_down(wartezone: Run, tmp_path: Path) -> None:
    done = wartezone("evaluate", str(morning_log(tmp_path)), "--out", "found")
    assert done.code == 0
    assert "1 scored day after 0 days to learn from" in done.out
    figures = json.loads((tmp_path / "found" / FIGURES).read_text())
    assert set(figures["courses"]["logs"]) == set(CONTESTANTS)
    assert figures["pooled"]["les"]["unknown"] == 11, "everybody drew before the first call"
    assert figures["pooled"]["ours"]["by_horizon"]["all"]["tickets"] == 11
    assert (tmp_path / "found" / PICTURE).exists()
    assert (tmp_path / "found" / PAGE).read_text().startswith("Zone hall: 1 scored day")


@pytest.mark.slow
def test_what_a_log_says_was_shown_is_counted_beside(wartezone: Run, tmp_path: Path) -> None:
    log = morning_log(tmp_path)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    for event in events:
        if event["type"] == "issued":
            event["estimate"] = {"p10_s": 1500, "p50_s": 3000, "p90_s": 4500}
    log.write_text("".join(json.dumps(event) + "\n" for event in events))
    wartezone("evaluate", str(log), "--out", "found")
    assert (
        "What screens showed at the draw, on 1 day: 5 of 11 were called within the range (45 of 100), 4 later; "
        "mean error 28.2 min, bias -10.0 min."
    ) in (tmp_path / "found" / PAGE).read_text()


@pytest.mark.slow
def test_a_scenario_gives_every_figure(wartezone: Run, tmp_path: Path) -> None:
    done = wartezone("evaluate", "--scenarios", "first-day", "--seeds", "1", "--days", "1", "--out", "found")
    assert done.code == 0
    figures = json.loads((tmp_path / "found" / FIGURES).read_text())
    methods = figures["courses"]["first-day"]
    assert set(methods) == {*CONTESTANTS, ORACLE}
    assert methods[ORACLE]["by_horizon"]["all"]["mae_ratio"] == 1
    for scored in methods.values():
        everything = scored["by_horizon"][Horizon.ALL]
        assert all(figure is not None for figure in everything.values())
        assert scored["faults"] == 0
        assert scored["event_ms"] < scored["forecast_ms"]
        assert scored["jump_ratio"] > 0


@pytest.mark.slow
def test_a_log_is_played_again_in_a_store_of_its_own(wartezone: Run, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    done = wartezone("simulate", "--replay", str(morning_log(tmp_path)), "--log", str(again))
    assert done.code == 0
    told = json.loads(done.out)
    assert told["done"] == {"counter_opened": 1, "issued": 12, "called": 12, "started": 12, "finished": 12}
    assert (told["refused"], told["called_others"], told["mean_wait_s"]) == ({}, 0, 3300)
    kinds = [json.loads(line)["type"] for line in again.read_text().splitlines()]
    assert kinds.count("called") == 12


@pytest.mark.slow
def test_a_torn_log_is_not_played(wartezone: Run, tmp_path: Path) -> None:
    (tmp_path / "torn.jsonl").write_text("[]\n")
    done = wartezone("simulate", "--replay", "torn.jsonl")
    assert (done.code, done.err) == (cli.USAGE, "wartezone: torn.jsonl:1: is not a JSON object\n")
