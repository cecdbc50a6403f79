"""The route that says a text aloud: to whom, in which languages, how long, how often."""

import pytest

from queue_core.domain.principal import Role
from queue_core.speech.wave import RATE_HZ, read_wav
from tests.support.web_office import WebOffice

OUTSIDE = {"Host": "wartezone.example.de", "X-Forwarded-For": "192.0.2.1"}
PATH = "/speech/de.wav"


async def test_a_text_comes_back_as_sound(office: WebOffice) -> None:
    answer = await office.http.get(PATH, params={"text": "Nummer A 0 4 7"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    sound = read_wav(answer.content)
    assert RATE_HZ < len(sound.samples) < 5 * RATE_HZ
