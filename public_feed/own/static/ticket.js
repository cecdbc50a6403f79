// One's own ticket, live: shows the section of its state, and makes "please come now" hard to miss.

import { Stream } from "../web/js/stream.js";
import { named } from "../web/js/records.js";
import { clock, isHeldBack, phrase, sayLater, sayPosition, sayWait, write } from "../web/js/ranges.js";
import { Alarm } from "./alarm.js";
import { showConfirm } from "./confirm.js";
import { forget, keep, keepPage, kept } from "./keep.js";
import { Phone } from "./phone.js";
import { Spoken } from "./spoken.js";

const TICK_MS = 10_000;
/* After an upgrade not everybody comes in one moment. */
const RELOAD_WITHIN_MS = 10_000;
/* A wait that nobody renewed for so long says nothing any more. */
const OLD_MS = 90_000;
const STATE = "state";

const page = document.documentElement;
const article = document.querySelector("[data-ticket]");
const { timeZone, path } = article.dataset;
const title = document.title;
const stream = Stream.of(article);
const part = (name) => article.querySelector(`[data-${name}]`);
const alarm = new Alarm(article.querySelector(".own-call section"), part("ring"), phrase("ring-on"));
new Phone(part("phone"), part("phone-home"), path);
const spoken = new Spoken(part("spoken"), sentences(article.dataset.state), article.dataset.state);
/* Zone time of what is shown. */
let asOfMs = Number(article.dataset.nowMs);

function fields(name) {
  return article.querySelectorAll(`[data-field="${name}"]`);
}

function put(name, text) {
  for (const element of fields(name)) write(element, text);
}

function show(state) {
  const before = article.dataset.state;
  article.dataset.state = page.dataset.state = state.state;
  put("service", named(state.service_name));
  showWay(state);
  showFurther(state.further);
  showBack(state);
  showLater(state);
  if (state.state === "waiting") showWait(state);
  else spoken.tell(sentences(state.state), state.state);
  document.title = state.state === "called" ? phrase("called-title", { counter: named(state.counter_name) }) : title;
  if (state.state === "called" && before !== "called") alarm.sound();
}

function showWay(state) {
  put("counter", named(state.counter_name));
  for (const name of ["floor", "room", "way"]) put(name, named(state[name]));
  for (const element of article.querySelectorAll("[data-arrow]")) element.hidden = element.dataset.arrow !== state.arrow;
}

/** What the visit goes on to, one line each. */
function showFurther(services) {
  const further = part("further");
  const lines = services.map(({ name }) => phrase("further", { service: named(name) }));
  further.hidden = lines.length === 0;
  if (lines.join() === Array.from(further.children, (line) => line.textContent).join()) return;
  further.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function showBack(state) {
  part("back").hidden = !state.return_until_ms || state.return_until_ms < stream.now();
}

function showLater(state) {
  part("later-form").hidden = !state.delay_s;
  part("left").value = state.delays_left ?? 0;
  part("last").hidden = state.delays_left !== 1;
}

function showWait(state) {
  const later = sayLater(state);
  put("position", sayPosition(state, stream.now()));
  put("wait", sayWait(state, stream.now(), timeZone));
  part('label="wait"').hidden = isHeldBack(state, stream.now());
  part('label="call"').hidden = !isHeldBack(state, stream.now());
  put("later", later);
  part("later").hidden = later === "";
  spoken.tell(sentences("waiting"), "waiting", later || (state.ahead === 0 ? "next" : ""));
}

/** What the page says now of a ticket in that state. */
function sentences(state) {
  const waiting = [fields("position")[0], fields("wait")[0], part("later")];
  const shown = state === "waiting" ? waiting : article.querySelectorAll(`.own-news [data-on="${state}"]`);
  const texts = [...shown].filter((element) => !element.hidden).map((element) => element.textContent.replace(/\s+/g, " ").trim());
  return texts.filter(Boolean).map(begun).join(". ");
}

/** As the beginning of a sentence. */
function begun([first, ...rest]) {
  return first.toLocaleUpperCase(page.lang) + rest.join("");
}

function tick() {
  const isLive = stream.health === "live" && navigator.onLine;
  if (stream.state && isLive) {
    asOfMs = stream.now();
    if (stream.state.state === "waiting") showWait(stream.state);
    showBack(stream.state);
    showConfirm(stream.state, stream.now());
    if (!stream.state.final) keep(path, STATE, { state: stream.state, asOfMs });
  }
  put("as-of", clock(asOfMs, timeZone));
  page.toggleAttribute("data-old", !isLive && stream.now() - asOfMs > OLD_MS);
}

/** Before the first word of the stream nothing is known to be wrong, but for a page that the browser has kept. */
function showHealth() {
  const isStale = !navigator.onLine || (stream.health !== null && stream.health !== "live");
  if (isStale || stream.health === "live") page.toggleAttribute("data-stale-page", isStale);
  if (stream.health === "live") page.removeAttribute("data-kept");
  const isAway = page.hasAttribute("data-stale-page") || page.hasAttribute("data-kept");
  for (const button of article.querySelectorAll("[data-needs-network]")) button.disabled = isAway;
  tick();
}

/** What was last heard may be newer than the page that the browser has kept. */
async function showKept() {
  const last = await kept(path, STATE);
  if (!last || stream.state || last.asOfMs <= asOfMs) return;
  asOfMs = last.asOfMs;
  show(last.state);
  tick();
}

stream.addEventListener("state", ({ detail: { state } }) => {
  show(state);
  tick();
  if (!state.final) return;
  stream.close();
  forget(path);
});
stream.addEventListener("event", ({ detail: { event } }) => {
  if (event.type === "recalled") alarm.sound();
});
stream.addEventListener("health", showHealth);
stream.addEventListener("upgrade", () => setTimeout(() => location.reload(), Math.random() * RELOAD_WITHIN_MS));
for (const change of ["online", "offline"]) addEventListener(change, showHealth);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  alarm.back();
  if (article.dataset.state === "called") alarm.sound();
});
setInterval(tick, TICK_MS);
part("alarms").hidden = [...part("alarms").querySelectorAll(".own-alarms__way")].every((way) => way.hidden);
if (article.dataset.state === "called") alarm.sound();
showHealth();
showKept();
keepPage(path);
stream.open();
