"""The house's speech: made once, kept, never on the event loop, and by whoever can."""

import asyncio
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from queue_core.speech.kept import KeptInMemory, KeptOnDisk
from queue_core.speech.port import CannotSay, Sound
from queue_core.speech.speech import Speech, SpeechBusy
from tests.queue_core.speech.sounds import tone
from tests.support.eventually import eventually

MEMORY = 10_000_000


@dataclass
class Beeper:
    """An engine that beeps, and waits until it may."""

    edition: str = "beeper-1"
    languages: tuple[str, ...] = ("de", "en")
    said: list[str] = field(default_factory=list)
    may: threading.Event = field(default_factory=threading.Event)
    threads: set[int] = field(default_factory=set)
    is_closed: bool = False

    def render(self, language: str, text: str) -> Sound:
        if language not in self.languages:
            raise CannotSay(f"{self.edition} has no {language}")
        self.threads.add(threading.get_ident())
        self.may.wait(10)
        self.said.append(text)
        return tone(hz=200 + 10 * len(text))

    def close(self) -> None:
        self.is_closed = True


def ready(edition: str = "beeper-1", languages: tuple[str, ...] = ("de", "en")) -> Beeper:
    beeper = Beeper(edition, languages)
    beeper.may.set()
    return beeper


def speech(folder: Path, *engines: Beeper) -> Speech:
    return Speech(engines, KeptInMemory(MEMORY), KeptOnDisk(folder, MEMORY))


async def test_what_was_said_once_is_not_made_again(tmp_path: Path) -> None:
    beeper = ready()
    house = speech(tmp_path, beeper)
    first, second = await house.say("de", "eins"), await house.say("de", " eins\n")
    assert first == second == house.known("de", "eins")
    assert beeper.said == ["eins"]
    await house.close()


async def test_what_was_said_before_a_restart_is_not_made_again(tmp_path: Path) -> None:
    houses = [speech(tmp_path, ready()), speech(tmp_path, silent := ready())]
    sounds = [await house.say("de", "eins") for house in houses]
    assert sounds[0] == sounds[1]
    assert silent.said == []
    for house in houses:
        await house.close()


async def test_another_edition_is_made_anew(tmp_path: Path) -> None:
    houses = [speech(tmp_path, ready()), speech(tmp_path, newer := ready("beeper-2"))]
    for house in houses:
        await house.say("de", "eins")
        await house.close()
    assert newer.said == ["eins"]


async def test_whoever_asks_for_what_is_being_made_waits_for_that(tmp_path: Path) -> None:
    beeper = Beeper()
    house = speech(tmp_path, beeper)
    asked = [asyncio.create_task(house.say("de", "eins")) for _ in range(20)]
    await asyncio.sleep(0)
    beeper.may.set()
    sounds = await asyncio.gather(*asked)
    assert len({sound.wav for sound in sounds}) == 1
    assert beeper.said == ["eins"]
    await house.close()


async def test_one_who_goes_away_does_not_take_it_from_the_others(tmp_path: Path) -> None:
    beeper = Beeper()
    house = speech(tmp_path, beeper)
    leaving, staying = (asyncio.create_task(house.say("de", "eins")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    beeper.may.set()
    assert (await staying).wav
    await house.close()


async def test_the_event_loop_never_waits_for_an_engine(tmp_path: Path) -> None:
    beeper = Beeper()
    house = speech(tmp_path, beeper)
    asked = asyncio.create_task(house.say("de", "eins"))

    async def begun() -> bool:
        return bool(beeper.threads)

    assert await eventually(begun)
    assert not asked.done()
    assert threading.get_ident() not in beeper.threads
    beeper.may.set()
    await asked
    await house.close()


async def test_too_many_texts_at_once_are_refused(tmp_path: Path) -> None:
    beeper = Beeper()
    house = speech(tmp_path, beeper)
    asked = [asyncio.create_task(house.say("de", f"text {n}")) for n in range(64)]
    await asyncio.sleep(0)
    with pytest.raises(SpeechBusy):
        await house.say("de", "one too many")
    beeper.may.set()
    await asyncio.gather(*asked)
    assert (await house.say("de", "one too many")).wav
    await house.close()


async def test_who_asks_for_many_texts_does_not_silence_the_calls(tmp_path: Path) -> None:
    beeper = Beeper()
    house = speech(tmp_path, beeper)
    asked = [asyncio.create_task(house.say("de", f"text {n}", is_call=False)) for n in range(16)]
    await asyncio.sleep(0)
    with pytest.raises(SpeechBusy):
        await house.say("de", "one too many", is_call=False)
    call = asyncio.create_task(house.say("de", "number A 0 4 7"))
    beeper.may.set()
    assert (await call).wav
    await asyncio.gather(*asked)
    await house.close()


async def test_what_the_first_cannot_say_the_next_one_says(tmp_path: Path) -> None:
    person, machine = ready("person", ("de",)), ready("machine")
    house = speech(tmp_path, person, machine)
    await house.say("de", "eins")
    await house.say("en", "one")
    assert (person.said, machine.said) == (["eins"], ["one"])
    await house.close()
    assert person.is_closed
    assert machine.is_closed


async def test_what_nobody_can_say_is_told_each_time_and_not_kept(tmp_path: Path) -> None:
    beeper = ready()
    house = speech(tmp_path, beeper)
    for _ in range(2):
        with pytest.raises(CannotSay, match="beeper-1 has no tr"):
            await house.say("tr", "bir")
    beeper.languages = ("tr",)
    assert (await house.say("tr", "bir")).wav
    await house.close()


@pytest.mark.parametrize("text", ["", " \n", "<>", "\0"])
async def test_nothing_is_not_said(tmp_path: Path, text: str) -> None:
    house = speech(tmp_path, ready())
    with pytest.raises(CannotSay, match="nothing to say"):
        await house.say("de", text)
    await house.close()


async def test_a_house_that_does_not_speak_says_so(tmp_path: Path) -> None:
    with pytest.raises(CannotSay, match="does not speak"):
        await speech(tmp_path).say("de", "eins")
