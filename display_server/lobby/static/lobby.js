// The wall: what the stream says, on the screen and in the ear. Words and numbers of rules stand in the page.

import { clock, sayService, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { Stream } from "../web/js/stream.js";
import { Announcements } from "./announcements.js";
import { fitAll } from "./fit.js";
import { Gong } from "./gong.js";
import { recalled, remembered } from "./memory.js";

const page = document.querySelector("[data-stream]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const template = (name) => document.querySelector(`[data-template="${name}"]`);
const announceMs = Number(page.dataset.announceMs);
const announceManyMs = Number(page.dataset.announceManyMs);
const reloadWithinMs = Number(page.dataset.reloadWithinMs);
const MANY_DUE = 1;
const LINES = 8;
const TICK_MS = 1000;

const stream = Stream.of(page);
const announcements = new Announcements(recalled());
const gong = new Gong((state) => {
  page.dataset.audio = state;
  part("sound").hidden = state === "running";
});
let speaking = false;

stream.addEventListener("state", ({ detail: { state } }) => {
  announcements.sync(state.calls);
  render(state);
  announce();
});
stream.addEventListener("health", ({ detail: { health } }) => {
  page.dataset.health = health;
  part("stale").hidden = health === "live";
  part("services").parentElement.hidden = health === "dead";
  part("waits-hidden").hidden = health !== "dead";
  if (health === "dead") loadAnew(() => stream.health === "dead");
});
stream.addEventListener("upgrade", () => loadAnew(() => true));
stream.addEventListener("refused", () => loadAnew(() => true));

/** One call at a time, each long enough to be read; then the next that is due. */
function announce() {
  if (speaking) return;
  const call = announcements.next();
  if (!call) return acknowledge();
  speaking = true;
  remembered(announcements.heard);
  render(stream.state);
  blink();
  page.dataset.gongs = Number(page.dataset.gongs) + 1;
  page.dataset.announced = `${page.dataset.announced} ${call.number}`.trim();
  page.dataset.sounded = gong.strike();
  setTimeout(() => {
    speaking = false;
    announce();
  }, announcements.due > MANY_DUE ? announceManyMs : announceMs);
}

function acknowledge() {
  remembered(announcements.heard);
  stream.rendered();
}

function render(state) {
  const counters = new Map(state.counters.map((counter) => [counter.id, counter]));
  const line = ({ number, counter }) => ({ number, counter: named(counters.get(counter)?.name) });
  const [now, ...before] = announcements.shown;
  part("now").hidden = !now;
  part("nobody").hidden = Boolean(now);
  if (now) fill(part("now"), { ...line(now), way: named(counters.get(now.counter)?.way) });
  showRecords(part("calls"), template("call"), before.slice(0, LINES), (row, call) => fill(row, line(call)));
  part("calls-frame").hidden = before.length === 0;
  showRecords(part("services"), template("service"), state.services, (row, service) => {
    row.dataset.state = service.state;
    fill(row, { name: named(service.name), waiting: String(service.waiting), wait: sayService(service, stream.now(), state.time_zone) });
  });
  fitAll();
}

/** Loads the page again, at a moment of its own, and only while it is served: a wall never shows a browser's error. */
function loadAnew(isStillDue) {
  setTimeout(async () => {
    if (!isStillDue()) return;
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
    else loadAnew(isStillDue);
  }, Math.random() * reloadWithinMs);
}

function blink() {
  part("call").classList.remove("lobby__call--new");
  void part("call").offsetWidth; // restarts the animation
  part("call").classList.add("lobby__call--new");
}

function tick() {
  if (!stream.state) return;
  write(part("clock"), clock(stream.now(), stream.state.time_zone));
  if (page.dataset.health !== "live") return;
  write(part("as-of"), clock(stream.now(), stream.state.time_zone));
  write(part("stale-since"), clock(stream.now(), stream.state.time_zone));
}

for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => gong.allow());
addEventListener("resize", fitAll);
setInterval(tick, TICK_MS);
stream.open();
