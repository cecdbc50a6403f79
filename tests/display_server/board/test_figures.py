"""How true the ranges were: the figures, and how the board explains them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from display_server.board.face import face
from display_server.board.figures import Figures, figures
from queue_core.domain.principal import Role
from queue_core.domain.quality import Quality
from tests.support.web_office import WebOffice, open_web_office

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
DAY = Quality(1, 210, 162, 20, 10, 7, wait_s=120_000, error_s=48_000, bias_s=-6_000)


@pytest_asyncio.fixture
async def office(valkey_url: str, tmp_path: Path) -> AsyncIterator[WebOffice]:
    async with open_web_office(valkey_url, tmp_path, faces=[face]) as opened:
        await opened.account("chief", Role.SUPERVISOR)
        await opened.log_in("chief")
        yield opened


async def board(office: WebOffice, language: str = "de") -> str:
    answer = await office.http.get(f"/board?lang={language}", headers=GERMAN)
    assert answer.status_code == 200
    return answer.text


def test_shares_are_of_those_who_were_shown_a_range() -> None:
    assert figures(DAY) == Figures(210, 10, 7, within=81, too_short=10, error_min=4.0, bias_min=-0.5)


@pytest.mark.parametrize("quality", [None, Quality(), Quality(tickets=5, unknown=5)], ids=["none", "empty", "unknown"])
def test_where_nobody_was_shown_a_range_there_are_no_figures(quality: Quality | None) -> None:
    assert figures(quality) is None


def test_a_bias_of_nothing_has_no_sign() -> None:
    found = figures(Quality(tickets=3000, bias_s=-60.0))
    assert found
    assert str(found.bias_min) == "0.0"


async def test_the_board_shows_yesterday_and_the_last_days_and_says_what_each_figure_means(office: WebOffice) -> None:
    await office.remember(DAY)
    page = await board(office)
    for text in ("Gestern", "Letzte 7 Tage", "81 %", "10 %", "4 Min.", "-0,5 Min.", "Gut sind 80 und mehr"):
        assert text in page, text


async def test_it_speaks_english_too(office: WebOffice) -> None:
    await office.remember(DAY)
    page = await board(office, "en")
    for text in ("Yesterday", "Last 7 days", "-0.5 min", "80 and more is good"):
        assert text in page, text


async def test_before_the_first_night_it_says_that_nothing_is_known(office: WebOffice) -> None:
    page = await board(office)
    assert "Noch sind keine Besuche ausgewertet" in page
    assert "Gestern" not in page
