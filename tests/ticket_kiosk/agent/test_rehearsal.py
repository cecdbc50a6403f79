"""Sentences fetched ahead: what headphones say in an outage."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.eventually import eventually
from tests.ticket_kiosk.agent.rig import PACE, Rig, open_rig
from ticket_kiosk.agent.rehearsal import Rehearsal

pytestmark = pytest.mark.slow

SENTENCE = "/speech/de.wav?text=Ihre%20Nummer"


async def test_the_pages_sentences_can_be_heard_without_the_server(valkey_url: str, tmp_path: Path) -> None:
    async with open_rig(valkey_url, tmp_path, pace=replace(PACE, speech_s=0.01)) as rig:
        await rig.ready()
        await eventually(lambda: rig.house.copies.has_spoken(SENTENCE), within_s=60)
        await rig.server_goes()
        heard = await rig.http.get(SENTENCE)
        assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/wav")


async def test_a_sentence_that_nobody_has_is_refused_at_once_while_the_server_is_away(rig: Rig) -> None:
    await rig.server_goes()
    await eventually(lambda: not rig.house.link.up, within_s=20)
    rig.wire.loses = lambda _: True
    assert (await rig.http.get("/speech/de.wav?text=Niemand")).status_code == 503


async def test_a_house_that_does_not_speak_is_not_asked_on_and_on(rig: Rig) -> None:
    asked: list[str] = []

    def lost(path: str) -> bool:
        if path.startswith("/speech/"):
            asked.append(path)
        return path.startswith("/speech/")

    rehearsal = Rehearsal(rig.house.copies, rig.house.link)
    rig.wire.loses = lost
    asked.clear()
    for _ in range(20):
        await rehearsal.step("build", ["N901", "N902", "N903", "N904", "N905", "N906"])
    assert 5 <= len(asked) < 15
    assert rig.house.link.up


async def test_nothing_is_fetched_while_the_server_is_away(rig: Rig) -> None:
    await rig.server_goes()
    await eventually(lambda: not rig.house.link.up, within_s=20)
    await Rehearsal(rig.house.copies, rig.house.link).step("build", ["N901"])
    assert not rig.house.copies.has_spoken("/speech/de.wav?text=N%209%200%201")
