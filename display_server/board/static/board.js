// The supervisor's overview: one stream a zone; the only thing to do here is to stop or allow drawing.

import { Commands } from "../web/js/commands.js";
import { minutes } from "../web/js/duration.js";
import { clock, isMakeshift, phrase, sayMethod, sayService, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { Stream } from "../web/js/stream.js";
import { watch } from "./watch.js";

const TICK_MS = 1000;
const UNAUTHENTICATED = 401;
const NO_CREDENTIAL = 4401;
const CHIPS = { open: "wz-chip--ok", stopped: "wz-chip--danger", full: "wz-chip--warning", called: "wz-chip--call", serving: "wz-chip--info", paused: "wz-chip--warning" };
const STOPPED = "stopped";

const template = (name) => document.querySelector(`template[data-template="${name}"]`);
const problem = document.querySelector('[data-part="problem"]');

for (const section of document.querySelectorAll("[data-zone]")) follow(section);
watch();

function follow(section) {
  const part = (name) => section.querySelector(`[data-part="${name}"]`);
  const stream = Stream.of(section);
  const commands = new Commands({ busy: (busy) => section.toggleAttribute("data-busy", busy), retrying() {} });
  const logIn = () => location.assign(`${section.dataset.login}?next=${encodeURIComponent(location.pathname)}`);

  function render() {
    const { state } = stream;
    if (!state) return;
    const nowMs = stream.now();
    const waiting = state.tickets.filter((ticket) => ticket.state === "waiting");
    fill(section.querySelector("dl"), { ...counted(state.totals), longest: longest(waiting, nowMs) || "–" });
    showRecords(part("services"), template("service"), state.services, (row, service) => {
      const own = waiting.filter((ticket) => ticket.service === service.id);
      showService(row, service, own, nowMs, state.time_zone);
    });
    showRecords(part("counters"), template("counter"), state.counters, (item, counter) => showCounter(item, counter, nowMs));
    write(part("method"), sayMethod(state));
    part("method").classList.toggle("board__makeshift", isMakeshift(state));
    if (stream.health === "live") write(part("as-of"), clock(nowMs, state.time_zone));
  }

  section.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-verb]");
    if (!button) return;
    const answer = await commands.send(`${section.dataset.api}/services/${button.closest("tr").dataset.id}/${button.dataset.verb}`, {});
    if (answer?.status === UNAUTHENTICATED) return logIn();
    const fault = answer?.problem && (phrase(`problem-${answer.problem.code}`) || phrase("problem-other"));
    write(problem, fault || "");
  });
  stream.addEventListener("state", render);
  stream.addEventListener("health", ({ detail: { health } }) => (part("offline").hidden = health === "live"));
  stream.addEventListener("upgrade", () => location.reload());
  stream.addEventListener("refused", ({ detail: { code } }) => code === NO_CREDENTIAL && logIn());
  setInterval(render, TICK_MS);
  stream.open();
}

const counted = (totals) => Object.fromEntries(Object.entries(totals).map(([name, n]) => [name, String(n)]));

function longest(tickets, nowMs) {
  return tickets.length ? minutes(nowMs - Math.min(...tickets.map((ticket) => ticket.arrival_ms))) : "";
}

function showService(row, service, waiting, nowMs, timeZone) {
  chip(row, service.state, "service");
  fill(row, {
    name: named(service.name),
    waiting: String(service.waiting),
    longest: longest(waiting, nowMs) || "–",
    wait: sayService(service, nowMs, timeZone),
    counters_open: String(service.counters_open),
  });
  row.querySelector('[data-verb="open"]').hidden = service.state !== STOPPED;
  row.querySelector('[data-verb="close"]').hidden = service.state === STOPPED;
}

function showCounter(item, counter, nowMs) {
  const state = counter.ticket?.state ?? counter.state;
  chip(item, state, "counter");
  item.dataset.state = state;
  const since = state === "closed" || !counter.since_ms ? "" : minutes(nowMs - counter.since_ms);
  fill(item, { name: named(counter.name), number: counter.number ?? "", since });
}

function chip(root, state, kind) {
  const element = root.querySelector('[data-field="state"]');
  element.className = `wz-chip ${CHIPS[state] ?? ""}`;
  write(element, phrase(`${kind}-${state}`));
}
