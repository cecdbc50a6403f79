// The kiosk: which screen is seen, in which language, for how long. All screens of all languages are in the page, so
// nothing here needs the network but the draw itself and the live waits.

import { Stream } from "../web/js/stream.js";
import { clock, moment, phrase, sayClosing, sayOpen, sayPosition, sayQueue, sayService, sayWait, write } from "../web/js/ranges.js";
import { draw, freshKey } from "./draw.js";
import { Countdown } from "./countdown.js";
import { attract } from "./attract.js";
import { showReceipt } from "./receipt.js";

const root = document.querySelector("[data-kiosk]");
const timeZone = root.dataset.timeZone;
const stream = Stream.of(root);
const CLOCK_MS = 5_000;

/** What one visitor does; a new one for each, so that nothing is left for the next. */
const nobody = () => ({ screen: "start", service: null, key: null, ticket: null, refusal: null, trouble: false });
let visit = nobody();

const one = (selector) => root.querySelector(selector);
const on = (screen, name) => root.querySelector(`[data-on="${screen}"] [data-field="${name}"]`);
const button = (id) => one(`[data-service="${CSS.escape(id)}"]`);
const record = (id) => stream.state?.services.find((service) => service.id === id);

const countdown = new Countdown({
  shown: (left, share) => {
    one("[data-countdown]").hidden = left === null;
    if (left === null) return;
    write(one('[data-field="countdown"]'), phrase("countdown", { n: left }));
    one("[data-countdown] progress").value = share;
  },
  over: () => restart(),
});

function speak(language) {
  const template = document.querySelector(`template[data-language="${CSS.escape(language)}"]`);
  document.documentElement.lang = language;
  document.documentElement.dir = template.dataset.direction;
  document.title = template.dataset.title;
  root.replaceChildren(template.content.cloneNode(true));
  render();
}

function go(screen, changes = {}) {
  visit = { ...visit, ...changes, screen };
  render();
  countdown.begin(screen);
  one(`#${screen}`)?.focus({ preventScroll: true });
}

function restart() {
  visit = nobody();
  speak(root.dataset.first);
  countdown.begin("start");
}

function render() {
  root.dataset.screen = visit.screen;
  for (const part of root.querySelectorAll("[data-on]")) part.hidden = !part.dataset.on.split(" ").includes(visit.screen);
  write(one("[data-clock]"), clock(stream.now(), timeZone));
  if (stream.state) renderServices(stream.state.services);
  if (visit.service) renderConfirm();
  one("[data-trouble]").hidden = !visit.trouble;
  if (visit.ticket) renderTicket(visit.ticket);
  if (visit.refusal) write(on("refused", "refusal"), refusalText(visit.refusal));
  renderHealth();
}

function renderHealth() {
  const away = !navigator.onLine || ["stale", "dead"].includes(stream.health);
  one("[data-offline]").hidden = !away;
  root.dataset.health = away ? (stream.health ?? "stale") : "live";
}

function renderServices(services) {
  const open = services.some((service) => service.open);
  one("[data-if-open]").hidden = !open;
  one("[data-if-closed]").hidden = open;
  write(one('[data-field="open"]'), sayOpen(services, stream.now(), timeZone));
  for (const service of services) renderService(service);
}

function renderService(service) {
  const place = button(service.id);
  if (!place) return;
  place.dataset.state = service.state;
  if (service.open) place.removeAttribute("aria-disabled");
  else place.setAttribute("aria-disabled", "true");
  const field = (name) => place.querySelector(`[data-field="${name}"]`);
  write(field("wait"), sayService(service, stream.now(), timeZone));
  write(field("ahead"), service.open ? sayQueue(service) : "");
  write(field("closing"), sayClosing(service, stream.now(), timeZone));
}

function renderConfirm() {
  const place = button(visit.service);
  write(on("confirm", "service"), place.querySelector(".kiosk-service__name").textContent);
  write(on("confirm", "info"), place.querySelector(".kiosk-service__info")?.textContent ?? "");
  for (const name of ["wait", "ahead", "closing"]) {
    write(on("confirm", name), place.querySelector(`[data-field="${name}"]`).textContent);
  }
}

function renderTicket(ticket) {
  write(on("ticket", "number"), ticket.number);
  write(on("ticket", "service"), button(ticket.service).querySelector(".kiosk-service__name").textContent);
  write(on("ticket", "time"), clock(ticket.issued_ms, timeZone));
  write(on("ticket", "wait"), sayWait(ticket, ticket.issued_ms, timeZone));
  write(on("ticket", "ahead"), sayPosition(ticket, ticket.issued_ms));
  on("ticket", "ahead").parentElement.hidden = ticket.ahead === null;
  write(on("ticket", "estimated"), ticket.wait ? phrase("estimated", { time: clock(ticket.issued_ms, timeZone) }) : "");
  showReceipt(one("[data-receipt]"), ticket.receipt, ticket.qr);
  one("[data-qr]").src = ticket.qr;
  one("[data-own-page]")?.setAttribute("href", ticket.url);
}

function refusalText({ code, opens }) {
  const time = opens && moment(Date.parse(opens), stream.now(), timeZone);
  return (time && phrase(`refused-${code}-opens`, { time })) || phrase(`refused-${code}`) || phrase("refused-other");
}

async function drawTicket() {
  if (visit.screen !== "confirm") return;
  const mine = { ...visit, key: visit.key ?? freshKey() };
  go("drawing", { key: mine.key });
  const url = `${root.dataset.draw}?lang=${document.documentElement.lang}`;
  const { ticket, refusal } = await draw(url, mine.service, mine.key, () => {
    visit.trouble = true;
    render();
  });
  if (visit.key !== mine.key) return;
  if (ticket) go("ticket", { ticket, trouble: false });
  else go("refused", { refusal, trouble: false });
}

function choose(id) {
  const service = record(id);
  if (service ? service.open : button(id).dataset.state === "open") go("confirm", { service: id, key: freshKey() });
}

const deeds = { draw: drawTicket, start: restart, "more-time": () => countdown.extend() };

root.addEventListener("click", ({ target }) => {
  const touched = target.closest("button");
  if (!touched) return;
  if (touched.dataset.service) choose(touched.dataset.service);
  else if (touched.dataset.speak) speak(touched.dataset.speak);
  else deeds[touched.dataset.do]?.();
});
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => countdown.touched());
for (const kind of ["online", "offline"]) addEventListener(kind, renderHealth);
addEventListener("contextmenu", (event) => event.preventDefault());

/** A new version, once nobody is here and the server answers: a browser's own error page is never shown. */
async function renew() {
  const answers = visit.screen === "start" && (await fetch(location.href, { method: "HEAD" }).catch(() => null))?.ok;
  if (answers) location.reload();
  else setTimeout(renew, CLOCK_MS);
}

stream.addEventListener("state", render);
stream.addEventListener("health", render);
stream.addEventListener("upgrade", renew);
setInterval(render, CLOCK_MS);
speak(root.dataset.first);
countdown.begin("start");
stream.open();
attract(root);
root.dataset.ready = "yes";
