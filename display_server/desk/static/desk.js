// A counter's desk: shows what the stream says, sends what the clerk wants. It never guesses: the page changes when the
// stream says so, and a command that was refused says why.

import { clock, phrase, write } from "../web/js/ranges.js";
import { Stream } from "../web/js/stream.js";
import { Commands } from "../web/js/commands.js";
import { showCurrent, showTimes, showUpcoming } from "./current.js";
import { NextInLine } from "./next.js";
import { showQueue } from "./queue.js";
import { listenToKeys } from "./shortcuts.js";
import { closeAround, closeOutdated, isWindowOpen, listenToWindows, openWindow } from "./windows.js";

const page = document.querySelector("[data-desk]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const { api, counter: counterId, timeZone, login } = page.dataset;
const guardMs = Number(page.dataset.guardMs);
const TICK_MS = 1000;
/** What a patch holds when somebody else may be next. */
const QUEUE_SECTIONS = ["tickets", "counters", "gone"];
const UNAUTHENTICATED = 401;
const NO_CREDENTIAL = 4401;
const NOBODY = 204;

const stream = Stream.of(page);
const commands = new Commands({ busy: () => render(), retrying: () => tell(phrase("problem-retrying")) });
const next = new NextInLine(`${api}/next?counter=${encodeURIComponent(counterId)}`, () => render());
const everything = part("everything");
const lastIntent = { command: "", at: -Infinity };
let outdated = false;
let tickedAtMs = 0;

const counterOf = (state) => state.counters.find(({ id }) => id === counterId);
const hasBecomeEligible = ({ not_before_ms }) => not_before_ms > tickedAtMs && not_before_ms <= stream.now();
const held = () => counterOf(stream.state)?.ticket;

function render() {
  const { state } = stream;
  const counter = state && counterOf(state);
  if (!counter) return;
  const nowMs = stream.now();
  showCurrent(state, counter, commands.busy);
  showUpcoming(state, counter, next.answer);
  showQueue(state, counter, next.answer, nowMs, everything.checked);
  showTimes(counter, nowMs);
  const there = new Set(state.tickets.map(({ id }) => id).concat(counter.ticket?.id ?? []));
  closeOutdated((ticket) => there.has(ticket));
  if (outdated && !commands.busy && !isWindowOpen()) location.reload();
}

/** `values` are those of the window that asked for more. */
async function run(command, ticket = "", values = {}) {
  if (isSameIntentAgain(command, ticket)) return;
  const [kind, verb] = command.split("/");
  const url = kind === "counter" ? `${api}/counters/${encodeURIComponent(counterId)}/${verb}` : `${api}/tickets/${ticket}/${verb}`;
  tell("");
  const answer = await commands.send(url, bodyOf(verb, values));
  if (answer) report(answer);
}

/** The second half of a double click is not another visitor. */
function isSameIntentAgain(command, ticket) {
  const intent = `${command} ${ticket}`;
  const again = commands.busy || (intent === lastIntent.command && performance.now() - lastIntent.at < guardMs);
  if (!again) Object.assign(lastIntent, { command: intent, at: performance.now() });
  return again;
}

function bodyOf(verb, { reason, mode, minutes, to }) {
  switch (verb) {
    case "call-next":
      return held() ? { current: "finish" } : {};
    case "call":
      return { counter: counterId };
    case "park":
    case "pause":
      return reason ? { reason } : {};
    case "return":
      return mode === "after" ? { mode, after_s: 60 * Number(minutes) } : { mode };
    case "transfer":
      return { [to.slice(0, to.indexOf(":"))]: to.slice(to.indexOf(":") + 1), by_counter: counterId };
    default:
      return {};
  }
}

function report({ status, headers, problem }) {
  if (status === UNAUTHENTICATED) return logIn();
  if (status === NOBODY) return say(nobody(headers.get("Next-Not-Before")));
  if (!problem) return;
  const sentence = phrase(`problem-${problem.code}`) || phrase("problem-other");
  const ticket = problem.ticket && stream.state.tickets.concat(held() ?? []).find(({ id }) => id === problem.ticket);
  tell([sentence, problem.state && phrase(`now-${problem.state}`, { number: ticket?.number ?? "" })].filter(Boolean).join(" "));
}

const nobody = (until) => (until ? phrase("nobody-until", { time: clock(Date.parse(until), timeZone) }) : phrase("nobody"));
const say = (sentence) => sentence && write(part("status"), sentence);
const tell = (sentence) => write(part("problem"), sentence);

function logIn() {
  location.assign(`${login}${login.includes("?") ? "&" : "?"}next=${encodeURIComponent(location.pathname)}`);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-command], button[data-dialog]");
  if (!button || button.disabled || !stream.state) return;
  const id = button.closest("tr")?.dataset.id ?? closeAround(button);
  const about = stream.state.tickets.find((ticket) => ticket.id === id) ?? held();
  if (button.dataset.dialog) openWindow(button.dataset.dialog, about);
  else run(button.dataset.command, id);
});
everything.addEventListener("change", render);
listenToWindows(run, () => commands.whenFree());
listenToKeys(part("shortcuts"));

stream.addEventListener("state", ({ detail: { patch } }) => {
  if (!patch || QUEUE_SECTIONS.some((section) => section in patch)) next.ask();
  render();
});
stream.addEventListener("event", ({ detail: { event } }) => {
  if (event.counter === counterId) say(phrase(`done-${event.type}`, { number: event.number ?? "" }));
});
stream.addEventListener("health", ({ detail: { health } }) => {
  part("offline").hidden = health === "live";
});
stream.addEventListener("upgrade", () => {
  outdated = true;
  render();
});
stream.addEventListener("refused", ({ detail: { code } }) => (code === NO_CREDENTIAL ? logIn() : tell(phrase("problem-forbidden"))));

setInterval(() => {
  if (!stream.state) return;
  write(part("clock"), clock(stream.now(), timeZone));
  if (stream.state.tickets.some(hasBecomeEligible)) next.ask();
  tickedAtMs = stream.now();
  render();
}, TICK_MS);
stream.open();
