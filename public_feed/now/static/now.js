// The public page, live: each zone follows its stream while it is on the screen. No words here: see ranges.js.

import { Stream } from "../web/js/stream.js";
import { moment, sayClosing, sayCount, sayCounters, sayOpen, sayQueue, sayService, write } from "../web/js/ranges.js";

const TICK_MS = 10_000;
/* After an upgrade not everybody comes in one moment. */
const RELOAD_WITHIN_MS = 10_000;

function follow(section) {
  const stream = Stream.of(section);
  const timeZone = section.dataset.timeZone;
  const field = (name) => section.querySelector(`:scope > * [data-field="${name}"]`);

  function tick() {
    if (stream.health !== "live") return;
    const asOf = field("as-of");
    write(asOf, moment(stream.now(), stream.now(), timeZone));
    asOf.dateTime = new Date(stream.now()).toISOString();
  }

  function show(state) {
    const opens = Math.min(...state.services.map((service) => service.opens_ms ?? Infinity));
    const waiting = state.services.reduce((sum, service) => sum + service.waiting, 0);
    section.dataset.open = state.services.some((service) => service.open) ? "yes" : "no";
    write(field("open"), sayOpen(state.services, stream.now(), timeZone));
    write(field("waiting"), sayCount("waiting", waiting));
    for (const service of state.services) {
      showService(section, service, stream.now(), timeZone)?.toggleAttribute("data-like-zone", service.opens_ms === opens);
    }
    tick();
  }

  stream.addEventListener("state", ({ detail: { state } }) => show(state));
  stream.addEventListener("health", ({ detail: { health } }) => {
    section.dataset.health = health;
    section.querySelector("[data-stale]").hidden = health === "live";
    tick();
  });
  stream.addEventListener("upgrade", () => setTimeout(() => location.reload(), Math.random() * RELOAD_WITHIN_MS));
  setInterval(() => stream.state && show(stream.state), TICK_MS);
  return stream;
}

function showService(section, service, nowMs, timeZone) {
  const line = section.querySelector(`[data-service="${CSS.escape(service.id)}"]`);
  if (!line) return null;
  const field = (name) => line.querySelector(`[data-field="${name}"]`);
  line.dataset.state = service.state;
  write(field("wait"), sayService(service, nowMs, timeZone));
  write(field("closing"), sayClosing(service, nowMs, timeZone));
  write(field("queue"), sayQueue(service));
  write(field("counters"), sayCounters(service, nowMs));
  write(field("last"), service.last_called ?? "");
  line.querySelector("[data-last]").hidden = !service.last_called;
  return line;
}

for (const chart of document.querySelectorAll("[data-chart]")) {
  chart.addEventListener("toggle", async () => (await import("./charts.js")).draw(chart), { once: true });
}
const streams = new Map([...document.querySelectorAll("[data-zone]")].map((section) => [section, follow(section)]));
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const stream = streams.get(target);
    if (isIntersecting && !stream.wanted) stream.open();
    if (!isIntersecting && stream.wanted) stream.close();
  }
});
for (const section of streams.keys()) seen.observe(section);
