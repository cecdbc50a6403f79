// The wall: what the streams of its zones say, on the screen and in the ear. Words and rules stand in the page.

import { clock, write } from "../web/js/ranges.js";
import { named } from "../web/js/records.js";
import { Board } from "./board.js";
import { Calls } from "./calls.js";
import { Control } from "./control.js";
import { Health, loadAnew, Watchdog } from "./health.js";
import { Legibility } from "./legibility.js";
import { Night } from "./night.js";
import { Notices } from "./notices.js";
import { part, show } from "./part.js";
import { Player } from "./player.js";
import { Tongues } from "./tongues.js";
import { Turns } from "./turns.js";
import { Voice } from "./voice.js";
import { Waits } from "./waits.js";
import { Zones } from "./zones.js";

const TICK_MS = 1000;
const RESIZED_MS = 50;
const MANY_DUE = 1;

const page = document.querySelector("[data-wall]");
const facts = JSON.parse(page.dataset.wall);
const zones = new Zones(facts);
const tongues = new Tongues();
const calls = new Calls(facts, zones);
const waits = new Waits(facts, zones);
const board = new Board(facts, zones, new Legibility(facts), waits);
const notices = new Notices(facts, zones);
const night = new Night(facts, zones);
const health = new Health(facts, zones, tongues);
const voice = Voice.of(page, (id) => zones.all.find((zone) => zone.id === id)?.stream);
const control = new Control(page, facts, { voice, night, notices });
const player = new Player(facts, (broken) => control.tell({ broken_media: broken }));
let isAnnouncing = false;
let liveMs = null;
let resizing = 0;

zones.addEventListener("state", ({ detail: { zone } }) => {
  for (const id of calls.sync(zone)) voice.retract(id, zone.id);
  render();
  announce();
});
zones.addEventListener("health", () => {
  page.dataset.health = health.now;
  control.tell({ health: health.now });
  render();
  health.reviveWhenDead();
});
for (const reason of ["upgrade", "refused"]) zones.addEventListener(reason, () => loadAnew(facts.reload_within_ms));

/** One call at a time, each long enough to be read; then the next that is due. The ear follows in its own time. */
function announce() {
  if (isAnnouncing) return;
  const call = calls.next();
  if (!call) return acknowledge();
  isAnnouncing = true;
  night.wakeFor(facts.hold_ms);
  player.yieldFor(facts.hold_ms);
  render();
  board.mark();
  page.dataset.announced = `${page.dataset.announced} ${call.number}`.trim();
  voice.announce(spoken(call));
  setTimeout(() => {
    isAnnouncing = false;
    announce();
  }, calls.due > MANY_DUE ? facts.announce_many_ms : facts.announce_ms);
}

const spoken = ({ id, number, counter, at_ms, recalls, zone }) =>
  ({ id, number, counter, zone: zone.id, at_ms, recall: recalls > 0 });

function acknowledge() {
  render();
  control.tell({ rendered: zones.rendered(), reach_m: board.reachM });
}

function render() {
  board.render(calls.shown);
  waits.render();
  notices.render();
  health.render();
  tick();
}

function tick() {
  const [{ stream }] = zones.all;
  night.render();
  control.tell({ is_dark: night.isDark, volume: voice.volume });
  if (!stream.state) return;
  const now = clock(zones.now(), facts.time_zone);
  write(part("clock"), now);
  if (health.now === "live") liveMs = zones.now();
  if (liveMs === null) return;
  for (const name of ["as-of", "stale-since"]) write(part(name), clock(liveMs, facts.time_zone));
}

/** Another language; the words that the page came with are the first one's. */
function speak(ordinal) {
  tongues.speak(ordinal);
  write(part("place"), zones.all.map(({ name }) => named(name)).join(" · "));
  player.render();
  render();
}

function dress() {
  if (facts.accent) {
    document.documentElement.style.setProperty("--wz-call", facts.accent.background);
    document.documentElement.style.setProperty("--wz-on-call", facts.accent.text);
  }
  part("body").dataset.columns = facts.columns;
  const logo = part("logo");
  if (!facts.logo) return;
  logo.addEventListener("load", () => show(logo, true));
  logo.src = facts.logo;
}

function hear() {
  control.tell({ audio: voice.audio, volume: voice.volume });
  page.dataset.audio = voice.audio;
  show(part("sound"), voice.audio !== "running");
}

const turns = new Turns(facts.turn_ms);
turns.add((count) => {
  if (tongues.count > 1) speak(count);
  return tongues.count;
});
turns.add((count) => {
  notices.turn(count);
  waits.turn(count);
  return 1;
});
new Watchdog(facts);
dress();
speak(0);
voice.addEventListener("audio", hear);
voice.addEventListener("begin", ({ detail: { calls: begun } }) => {
  page.dataset.said = `${page.dataset.said} ${begun.map(({ number }) => number).join(" ")}`.trim();
});
hear();
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => board.fit(), RESIZED_MS);
});
document.fonts.addEventListener("loadingdone", () => board.fit()); // a font comes when its first letter does
setInterval(tick, TICK_MS);
player.play();
zones.open();
