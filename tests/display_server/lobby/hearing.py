"""A page that has nothing but a voice, and ears: whatever the browser really plays is written down with its time.

The page's own script does what a test wants done, because what a test does by itself counts as a touch of the screen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.async_api import Browser, Page, Route

from queue_core.speech.wave import RATE_HZ, wav
from tests.display_server.hall import Hall
from tests.support.eventually import eventually

_PAGE = """<!doctype html><meta charset="utf-8"><title>voice</title>
<output data-told="[]"></output>
<script>
  const played = window.played = [];
  const noted = (prototype, note) => {{
    const begin = prototype.start;
    prototype.start = function (...when) {{
      begin.apply(this, when);
      played.push(note(this, this.context.currentTime));
    }};
  }};
  noted(AudioScheduledSourceNode.prototype, (_, now) => ({{ gong: now }}));
  noted(AudioBufferSourceNode.prototype, ({{ buffer, context }}, now) => (
    {{ from: now, to: now + buffer.duration, state: context.state }}
  ));
</script>
<script type="module">
  import {{ Voice }} from "/static/lobby/voice.js";
  const place = {place};
  const told = [];
  const tell = (name, detail) => {{
    told.push({{ name, ...detail, atMs: performance.now() }});
    document.querySelector("output").dataset.told = JSON.stringify(told);
  }};
  const voice = window.voice = new Voice(place);
  for (const name of ["audio", "begin", "end", "drop"]) {{
    voice.addEventListener(name, ({{ detail }}) => tell(name, detail));
  }}
  const call = (id, number, more) => (
    {{ id, number, counter: "1", zone: "{zone}", at_ms: Date.now(), recall: false, ...more }}
  );
  {script}
  setTimeout(() => tell("later", {{ audio: voice.audio }}), 1000);
</script>"""


@dataclass(slots=True)
class Ear:
    page: Page

    async def told(self, *names: str) -> list[dict[str, Any]]:
        written = await self.page.locator("output").get_attribute("data-told")
        return [told for told in json.loads(written or "[]") if not names or told["name"] in names]

    async def hears(self, count: int, name: str = "end", within_s: float = 30) -> list[dict[str, Any]]:
        """The first `count` events of this name, once they are there."""

        async def there() -> bool:
            return len(await self.told(name)) >= count

        assert await eventually(there, within_s), await self.told()
        return (await self.told(name))[:count]

    async def said(self) -> list[list[str]]:
        """The numbers of each announcement that has begun, in order."""
        return [[call["number"] for call in told["calls"]] for told in await self.told("begin")]

    async def played(self) -> list[dict[str, Any]]:
        """What the browser was given to play: speech with its time from and to, gongs with theirs."""
        return list(await self.page.evaluate("window.played"))

    async def spoken(self) -> list[dict[str, float]]:
        return [sound for sound in await self.played() if "from" in sound]


async def listen(
    hall: Hall, browser: Browser, script: str, beep_s: float = 0.25, page: Page | None = None, **place: Any
) -> Ear:
    """`script` has `voice`, `call(id, number, more)` and `tell`. `beep_s`: every call is a tone
    so long; 0: the real words. `place`: other than a voice with one language, without a gong, that never merges."""
    page = page or await (await browser.new_context(base_url=hall.building.office.address)).new_page()
    html = _PAGE.format(place=json.dumps(_place(hall, place)), zone=hall.zone, script=script)

    async def serve(route: Route) -> None:
        await route.fulfill(body=html, content_type="text/html")

    async def beep(route: Route) -> None:
        await route.fulfill(body=tone(beep_s), content_type="audio/wav")

    await page.route("**/only-a-voice", serve)
    if beep_s:
        await page.route("**/say/**", beep)
    await page.goto("/only-a-voice")
    return Ear(page)


def _place(hall: Hall, more: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "zone": hall.zone,
        "timeZone": "Europe/Berlin",
        "say": f"/lobby/wall-{hall.zone}/say",
        "languages": ["de"],
        "on": True,
        "gong": False,
        "mergeBeyond": 100,
        "togetherMost": 6,
        "ageMostS": 60,
        "volumes": [],
        **more,
    }


def tone(seconds: float) -> bytes:
    return wav((9000 * np.sin(np.arange(round(seconds * RATE_HZ)) / 5)).astype(np.int16))
