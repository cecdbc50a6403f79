"""The log: one line an event, for people or for collectors."""

import json
import logging
from collections.abc import Iterator

import pytest

from queue_core.serve.logs import configure_logs
from tests.support.log_state import logging_as_before


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    with logging_as_before():
        yield


def test_collectors_get_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "auto")
    logging.getLogger("queue_core.test").warning("%s of %s", 1, 2)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["logger"]) == ("1 of 2", "warning", "queue_core.test")
    assert line["timestamp"].endswith("Z")


def test_people_get_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "text")
    logging.getLogger("queue_core.test").info("hello")
    assert "hello" in capsys.readouterr().err


def test_what_is_below_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning", "json")
    logging.getLogger("queue_core.test").info("hello")
    assert capsys.readouterr().err == ""


def test_libraries_talk_only_of_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json")
    logging.getLogger("uvicorn.access").info("GET /")
    logging.getLogger("rq.worker").info("job done")
    assert capsys.readouterr().err == ""


def test_a_crash_stays_one_line_for_collectors(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "json")
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("queue_core.test").exception("it failed")
    [line] = capsys.readouterr().err.splitlines()
    assert "ValueError: broken" in json.loads(line)["exception"]
