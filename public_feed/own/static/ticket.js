// One's own ticket, live: shows the section of its state, and makes "please come now" hard to miss.

import { Stream } from "../web/js/stream.js";
import { named } from "../web/js/records.js";
import { clock, phrase, sayLater, sayPosition, sayWait, write } from "../web/js/ranges.js";
import { Spoken } from "./spoken.js";

const TICK_MS = 10_000;
/* After an upgrade not everybody comes in one moment. */
const RELOAD_WITHIN_MS = 10_000;
const CALL_PATTERN_MS = [400, 150, 400, 150, 800];

const article = document.querySelector("[data-ticket]");
const timeZone = article.dataset.timeZone;
const title = document.title;
const stream = Stream.of(article);
const why = article.querySelector("[data-later]");
const further = article.querySelector("[data-further]");
const back = article.querySelector("[data-back]");
const spoken = new Spoken(article.querySelector("[data-spoken]"), sentences(article.dataset.state), article.dataset.state);

function fields(name) {
  return article.querySelectorAll(`[data-field="${name}"]`);
}

function put(name, text) {
  for (const element of fields(name)) write(element, text);
}

function show(state) {
  article.dataset.state = document.documentElement.dataset.state = state.state;
  put("service", named(state.service_name));
  put("counter", named(state.counter_name));
  put("way", named(state.way));
  showFurther(state.further);
  showBack(state);
  if (state.state === "waiting") showWait(state);
  else spoken.tell(sentences(state.state), state.state);
  document.title = state.state === "called" ? phrase("called-title", { counter: named(state.counter_name) }) : title;
  if (state.final) stream.close();
}

/** What the visit goes on to, one line each. */
function showFurther(services) {
  const lines = services.map(({ name }) => phrase("further", { service: named(name) }));
  further.hidden = lines.length === 0;
  if (lines.join() === Array.from(further.children, (line) => line.textContent).join()) return;
  further.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function showBack(state) {
  back.hidden = !state.return_until_ms || state.return_until_ms < stream.now();
}

function showWait(state) {
  const later = sayLater(state);
  put("position", sayPosition(state, stream.now()));
  put("wait", sayWait(state, stream.now(), timeZone));
  put("later", later);
  why.hidden = later === "";
  spoken.tell(sentences("waiting"), "waiting", later || (state.ahead === 0 ? "next" : ""));
}

/** What the page says now of a ticket in that state. */
function sentences(state) {
  const waiting = [fields("position")[0], fields("wait")[0], why];
  const shown = state === "waiting" ? waiting : article.querySelectorAll(`.own-news [data-on="${state}"]`);
  const texts = [...shown].filter((element) => !element.hidden).map((element) => element.textContent.replace(/\s+/g, " ").trim());
  return texts.filter(Boolean).join(". ");
}

function tick() {
  if (!stream.state || stream.health !== "live") return;
  if (stream.state.state === "waiting") showWait(stream.state);
  showBack(stream.state);
  put("as-of", clock(stream.now(), timeZone));
}

function alarm() {
  navigator.vibrate?.(CALL_PATTERN_MS);
  const call = article.querySelector(".own-call section");
  call.classList.remove("own-call--again");
  requestAnimationFrame(() => call.classList.add("own-call--again"));
  call.scrollIntoView({ block: "center" });
}

stream.addEventListener("state", ({ detail: { state } }) => {
  show(state);
  tick();
});
stream.addEventListener("event", ({ detail: { event } }) => {
  if (event.type === "called" || event.type === "recalled") alarm();
});
stream.addEventListener("health", ({ detail: { health } }) => {
  article.querySelector("[data-stale]").hidden = health === "live";
  tick();
});
stream.addEventListener("upgrade", () => setTimeout(() => location.reload(), Math.random() * RELOAD_WITHIN_MS));
setInterval(tick, TICK_MS);
stream.open();
