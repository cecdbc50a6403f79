"""Two taps after the visit: one answer a ticket, counted and not kept; staff see whole weeks."""

import httpx
import pytest

from queue_core.domain.model import TicketId
from queue_core.domain.principal import Role
from tests.support.eventually import eventually
from tests.support.web_office import ORIGIN, WebOffice

WEEK_MS = 7 * 86_400_000


async def visited(office: WebOffice) -> str:
    """The link of a ticket whose visit is over."""
    ticket = await office.draw()
    for move in ("call-next", "finish"):
        answer = await office.command(f"counters/1/{move}", role=Role.COUNTER)
        assert answer.status_code == 200, answer.text
    return office.frame.links.link(office.zone.id, TicketId(ticket["id"]))


async def say(office: WebOffice, link: str, visit: str = "good", wait: str = "as_told") -> httpx.Response:
    form = {"visit": visit, "wait": wait}
    return await office.http.post(f"/survey/{link}", data=form, headers={"Origin": ORIGIN})


async def answers(office: WebOffice) -> list[dict[str, object]]:
    answer = await office.get("/api/v1/zones/hall/survey", Role.SUPERVISOR)
    weeks: list[dict[str, object]] = answer.json()["weeks"]
    return weeks


@pytest.mark.parametrize("over", [True, False], ids=["finished", "given back"])
async def test_the_own_page_asks_also_when_it_is_loaded_anew(open_office: WebOffice, over: bool) -> None:
    """Without scripts it always is. Whoever was not served is not asked."""
    if over:
        link = await visited(open_office)
    else:
        ticket = await open_office.draw()
        await open_office.command(f"tickets/{ticket['id']}/cancel")
        link = open_office.frame.links.link(open_office.zone.id, TicketId(ticket["id"]))
    seq = (await open_office.engine.read(open_office.zone.id))[0].seq
    await eventually(lambda: open_office.hub.snapshot(open_office.zone.id).seq >= seq)
    page = await open_office.http.get(f"/t/{link}?lang=en")
    assert (page.status_code, f"/survey/{link}" in page.text) == (404, over)


@pytest.fixture
async def open_office(office: WebOffice) -> WebOffice:
    await office.command("counters/1/open", role=Role.COUNTER)
    return office


async def test_two_taps(open_office: WebOffice) -> None:
    link = await visited(open_office)
    first = await open_office.http.get(f"/survey/{link}?lang=en")
    second = await open_office.http.get(f"/survey/{link}?visit=good&lang=en")
    assert ("How was your visit?" in first.text, "Was the wait as we had said?" in second.text) == (True, True)
    done = await say(open_office, link)
    assert done.status_code == 200


async def test_five_answers_show_after_their_week(open_office: WebOffice) -> None:
    for n in range(5):
        await say(open_office, await visited(open_office), "good" if n else "poor")
    assert await answers(open_office) == []
    await open_office.engine.set_clock(open_office.zone.id, open_office.hub.now_ms(open_office.zone.id) + WEEK_MS, 0)
    [week] = await answers(open_office)
    assert (week["service"], week["answers"], week["visit_good"], week["visit_poor"]) == ("new", 5, 4, 1)
    assert (week["wait_as_told"], week["wait_longer"]) == (5, 0)


async def test_one_answer_a_ticket(open_office: WebOffice) -> None:
    link = await visited(open_office)
    for _ in range(6):
        assert (await say(open_office, link)).status_code == 200
    counts = await open_office.engine.survey(open_office.zone.id, 28)
    assert counts == []
    kept = await open_office.store.client.hgetall("{hall}:survey")
    assert sorted(kept.values()) == ["1", "1"]


async def test_nothing_is_kept_beside_the_counts(open_office: WebOffice) -> None:
    link = await visited(open_office)
    await say(open_office, link)
    ticket = open_office.frame.links.read(link).ticket
    kept = await open_office.store.client.hgetall("{hall}:survey")
    assert ticket not in str(kept)
    [answered] = [key async for key in open_office.store.client.scan_iter("{hall}:survey-answered:*")]
    assert 0 < await open_office.store.client.ttl(answered) <= 86_400


async def test_a_first_tap_alone_counts_nothing(open_office: WebOffice) -> None:
    link = await visited(open_office)
    await open_office.http.get(f"/survey/{link}?visit=good")
    assert not await open_office.store.client.exists("{hall}:survey")


@pytest.mark.parametrize("said", [{"visit": "great"}, {"wait": "never"}], ids=["visit", "wait"])
async def test_other_answers_are_none(open_office: WebOffice, said: dict[str, str]) -> None:
    assert (await say(open_office, await visited(open_office), **said)).status_code == 422
    assert not await open_office.store.client.exists("{hall}:survey")


async def test_before_the_visit_is_over_nobody_is_asked(office: WebOffice) -> None:
    ticket = await office.draw()
    link = office.frame.links.link(office.zone.id, TicketId(ticket["id"]))
    assert (await office.http.get(f"/survey/{link}")).status_code == 404
    assert (await say(office, link)).status_code == 404


async def test_a_link_that_is_not_ours_is_answered_alike(office: WebOffice) -> None:
    assert (await office.http.get("/survey/hall.x.y")).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/zones/hall/survey", "/z/hall/survey"])
async def test_only_staff_see_the_counts(office: WebOffice, path: str) -> None:
    assert (await office.http.get(path)).status_code == 401
    assert (await office.get(path, Role.DEVICE)).status_code == 403
    assert (await office.get(path, Role.VIEWER)).status_code == 200


async def test_as_a_table(office: WebOffice) -> None:
    table = await office.get("/api/v1/zones/hall/survey?format=csv", Role.VIEWER)
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.startswith("week,service,answers,visit_good")


@pytest.mark.parametrize("days", ["-1", "x", "9999", ""])
async def test_a_span_that_cannot_be(office: WebOffice, days: str) -> None:
    answer = await office.get(f"/api/v1/zones/hall/survey?days={days}", Role.VIEWER)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_field")
