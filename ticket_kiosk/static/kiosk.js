// The kiosk: its parts, and what each has to do with the others. All screens of all languages are in the page, so nothing
// here needs the network but the draw itself and the live waits.

import { Agent } from "./agent.js";
import { Aids } from "./aids.js";
import { attract } from "./attract.js";
import { catchBack } from "./back_button.js";
import { Choices } from "./choices.js";
import { Condition } from "./condition.js";
import { Deeds } from "./deeds.js";
import { Door } from "./door.js";
import { Errands } from "./errands.js";
import { Letters } from "./letters.js";
import { Listening } from "./listening.js";
import { present } from "./presence.js";
import { scale } from "./scale.js";
import { Screens } from "./screens.js";
import { Service } from "./service.js";
import { Settings } from "./settings.js";
import { TimeLeft } from "./time_left.js";
import { Touches } from "./touches.js";
import { Typing } from "./typing.js";
import { Visit } from "./visit.js";
import { Zones } from "./zones.js";

const RENDER_EVERY_MS = 5_000;
const root = document.querySelector("[data-kiosk]");

const visit = new Visit();
const zones = new Zones(document.querySelectorAll("[data-zone-stream]"));
const agent = new Agent(root);
const service = new Service(root, agent);
const choices = new Choices(root, zones);
const letters = new Letters(root);
const listening = new Listening(root);
const aids = new Aids(root);
const condition = new Condition({ zones, agent, visit, service });
const errands = new Errands(root, visit, { agent, service });
const settings = new Settings(root, visit, { condition, agent, listening, service });
const tell = present(root, { reload: renew, volume: (percent) => listening.loud(percent), service });
const screens = new Screens(root, { visit, zones, agent, choices, letters, listening, aids, condition, settings, service }, tell);
const timeLeft = new TimeLeft(root, { visit, condition, aids, listening });
const deeds = new Deeds(root, { visit, choices, letters, errands, listening, aids, settings, screens, timeLeft });
const door = new Door(root, () => settings.open());
new Touches(root, { visit, press: (button) => deeds.press(button), touched: () => timeLeft.touched() });
new Typing(root, { visit, condition, letters, listening, errands, screens, timeLeft, deeds, door });

const render = () => screens.render();
const layOut = () => screens.layOut();

function screenChanged() {
  choices.begin();
  render();
  timeLeft.begin();
  root.querySelector(`[id="${condition.screen}"]`)?.focus({ preventScroll: true });
  root.scrollTop = 0;
  listening.screen();
}

function changed() {
  render();
  if (visit.screen === "ticket") timeLeft.begin();
}

function ended() {
  aids.reset();
  listening.end();
  settings.forget();
  delete root.dataset.keypad;
  screens.speak(root.dataset.first);
}

/** Whoever has not begun is not let in, or finds the start; whoever has begun goes on. */
function serviceChanged() {
  if (condition.screen === "closed" || visit.screen === "start") visit.end();
  else render();
}

/** A new version, once nobody is here and the server answers: a browser's own error page is never shown. */
async function renew() {
  const answers = visit.screen === "start" && (await fetch(location.href, { method: "HEAD" }).catch(() => null))?.ok;
  if (answers) location.reload();
  else setTimeout(renew, RENDER_EVERY_MS);
}

visit.addEventListener("end", ended);
visit.addEventListener("screen", screenChanged);
visit.addEventListener("change", changed);
for (const part of [listening, agent]) part.addEventListener("change", render);
for (const kind of ["state", "health"]) zones.addEventListener(kind, render);
for (const kind of ["online", "offline"]) addEventListener(kind, render);
zones.addEventListener("upgrade", renew);
service.addEventListener("change", serviceChanged);
setInterval(render, RENDER_EVERY_MS);
catchBack(() => visit.back());
scale(root, layOut);
screens.speak(root.dataset.first);
timeLeft.begin();
/* Fonts and styles that came late have moved everything. */
document.fonts.ready.then(layOut);
addEventListener("load", () => requestAnimationFrame(layOut));
zones.open();
agent.follow();
attract(root);
root.dataset.ready = "yes";
