// A counter's desk: shows what the stream says, sends what the clerk wants. It never guesses: the page changes when the
// stream says so, and a command that was refused says why.

import { Alarms } from "../web/js/alarms.js";
import { Commands } from "../web/js/commands.js";
import { clock, phrase, write } from "../web/js/ranges.js";
import { Stream } from "../web/js/stream.js";
import { Alerts, allowNotices } from "./alerts.js";
import { AutoCall } from "./autocall.js";
import { askWhose, showBookings } from "./bookings.js";
import { showCurrent, showTimes, showUpcoming, situation } from "./current.js";
import { showForecast } from "./forecast.js";
import { HelpCall } from "./help_call.js";
import { listenToHelp } from "./help.js";
import { Keys } from "./keys.js";
import { Link } from "./link.js";
import { NextInLine } from "./next.js";
import { listenToSeat } from "./occupied.js";
import { listenToOptions, read, turn } from "./options.js";
import { Outcome } from "./outcome.js";
import { api, counterId, counterOf, heldBy, logIn, page, part, say, tell, timeZone } from "./page.js";
import { Press } from "./press.js";
import { showQueue } from "./queue.js";
import { Seat } from "./seat.js";
import { chosenServices, showSkills } from "./skills.js";
import { listenToSorting } from "./sorting.js";
import { closeAround, closeOutdated, isWindowOpen, listenToWindows, openWindow } from "./windows.js";
import { showWays } from "./ways.js";

const TICK_MS = 1000;
/** What a patch holds when somebody else may be next. */
const QUEUE_SECTIONS = ["tickets", "counters", "gone"];
const NO_CREDENTIAL = 4401;
/** What a counter with a visitor cannot do. */
const FREE_ONLY = new Set(["pause", "close", "serve"]);

const stream = Stream.of(page);
const link = new Link(stream);
const seat = new Seat();
const commands = new Commands(
  { busy: (busy) => (link.busy(busy), render()), retrying: () => link.retrying() },
  () => seat.headers,
);
const press = new Press(commands, stream, () => seat.lost());
const next = new NextInLine(`${api}/next?counter=${encodeURIComponent(counterId)}`, () => render());
const alarms = Alarms.of(page);
const alerts = new Alerts(alarms);
const outcome = new Outcome();
const keys = new Keys((action) => FREE_ONLY.has(action) && heldBy(stream.state) && tell(phrase("problem-counter_busy")));
const autoCall = new AutoCall(() => run("counter/call-next"));
let outdated = false;
let tickedAtMs = 0;

const hasBecomeEligible = ({ not_before_ms }) => not_before_ms > tickedAtMs && not_before_ms <= stream.now();

function render() {
  const { state } = stream;
  const counter = counterOf(state);
  if (!counter) return;
  const nowMs = stream.now();
  outcome.show(counter.ticket);
  showCurrent(state, counter, commands.busy);
  showUpcoming(state, counter, next.answer);
  showSkills(counter);
  const view = { everything: part("everything").checked, service: part("service").value, longMin: read("long") };
  showQueue(state, counter, next.answer, nowMs, view);
  showBookings(state, counter, nowMs, view);
  showTimes(state, counter, nowMs);
  const there = new Set(state.tickets.map(({ id }) => id).concat(counter.ticket?.id ?? []));
  closeOutdated((ticket) => there.has(ticket));
  if (outdated && !commands.busy && !isWindowOpen()) location.reload();
}

/** `values` are those of the window that asked for more. */
async function run(command, ticket = "", values = {}) {
  const more = command === "counter/open" ? chosenServices(counterOf(stream.state)) : { outcome: outcome.chosen };
  const about = values.booking || ticket || (command.startsWith("ticket/") ? (heldBy(stream.state)?.id ?? "") : "");
  await press.run(command, about, { ...more, ...values });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-command], button[data-dialog], button[data-turn], button[data-check-in]");
  if (!button || button.disabled) return;
  if (button.dataset.dialog === "keys") return openWindow("keys");
  if (!stream.state) return;
  if (button.dataset.turn) return turn(button.dataset.turn, !read(button.dataset.turn));
  if ("checkIn" in button.dataset) return void askWhose(button.closest("tr").dataset.id, stream.state);
  const id = button.closest("tr")?.dataset.id ?? closeAround(button);
  const about = stream.state.tickets.find((ticket) => ticket.id === id) ?? heldBy(stream.state);
  if (!button.dataset.dialog) return void run(button.dataset.command, id);
  showWays(stream.state, counterId, about);
  openWindow(button.dataset.dialog, about);
  if (button.dataset.dialog === "more") showForecast(about, () => stream.now());
});
for (const name of ["everything", "service"]) part(name).addEventListener("change", render);
document.querySelector("[data-dismiss]").addEventListener("click", () => tell(""));
listenToWindows(run, () => commands.whenFree());
listenToHelp(keys);
listenToSorting(render);
listenToSeat(seat, stream);
new HelpCall(alarms);
listenToOptions((name, set) => {
  if (name === "keys") {
    keys.on = set;
    keys.show();
  }
  if (name === "compact") {
    page.classList.toggle("desk__page--compact", set);
    document.querySelector('[data-turn="compact"]').setAttribute("aria-pressed", set);
  }
  if (name === "notices") allowNotices(set);
  render();
});

stream.addEventListener("state", ({ detail: { patch } }) => {
  if (!patch || QUEUE_SECTIONS.some((section) => section in patch)) next.ask();
  render();
});
stream.addEventListener("event", ({ detail: { event } }) => {
  if (event.counter !== counterId) return;
  say(phrase(`done-${event.type}`, { number: event.number ?? "" }));
  if (!commands.busy) seat.soon();
});
stream.addEventListener("upgrade", () => {
  outdated = true;
  render();
});
stream.addEventListener("refused", ({ detail: { code } }) => (code === NO_CREDENTIAL ? logIn() : tell(phrase("problem-forbidden"))));
seat.addEventListener("ended", logIn);

setInterval(() => {
  const counter = counterOf(stream.state);
  if (!counter) return;
  const nowMs = stream.now();
  write(part("clock"), clock(nowMs, timeZone));
  if (stream.state.tickets.some(hasBecomeEligible)) next.ask();
  tickedAtMs = nowMs;
  const free = situation(counter) === "free";
  const mine = (next.answer?.next ?? []).map(({ ticket }) => stream.state.tickets.find(({ id }) => id === ticket.id)).filter(Boolean);
  alerts.look(mine, nowMs, free);
  autoCall.tick(free && mine.length > 0 && seat.held && link.isLive && !commands.busy && !isWindowOpen(), Boolean(counter.ticket));
  render();
}, TICK_MS);
seat.claim();
stream.open();
