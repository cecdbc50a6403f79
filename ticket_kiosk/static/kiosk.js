// The kiosk: which screen is seen, in which language, for how long. All screens of all languages are in the page, so
// nothing here needs the network but the draw itself and the live waits.

import { clock, moment, phrase, sayOpen, write } from "../web/js/ranges.js";
import { Agent } from "./agent.js";
import { Aids } from "./aids.js";
import { attract } from "./attract.js";
import { catchBack } from "./back_button.js";
import { Choices, SCREENS as LISTS } from "./choices.js";
import { Countdown, TICKET_S } from "./countdown.js";
import { Door, outOfService } from "./door.js";
import { Errands } from "./errands.js";
import { buttonOf, moveFocus, numberButtons } from "./keypad.js";
import { Keys } from "./keys.js";
import { Letters } from "./letters.js";
import { Listening } from "./listening.js";
import { present } from "./presence.js";
import { scale } from "./scale.js";
import { Settings } from "./settings.js";
import { fields, renderCame, renderConfirm, renderPaper, renderTicket } from "./ticket.js";
import { Touches } from "./touches.js";
import { Visit } from "./visit.js";
import { Zones } from "./zones.js";

const CLOCK_MS = 5_000;
const root = document.querySelector("[data-kiosk]");
const one = (selector) => root.querySelector(selector);

const visit = new Visit();
const zones = new Zones(document.querySelectorAll("[data-zone-stream]"));
const agent = new Agent();
const choices = new Choices(root, zones);
const letters = new Letters(root);
const listening = new Listening(root);
const aids = new Aids(root);
const errands = new Errands(root, visit);
const settings = new Settings(root, visit, { health, agent, listening, renew });
const countdown = new Countdown(Number(root.dataset.idleS), { shown: showCountdown, over: () => visit.end() });
const tell = present(root, { reload: renew, volume: (percent) => listening.louder((percent - listening.volume) / 20) });

const isHearingServer = () => zones.health === "live" && (agent.isHere || navigator.onLine);

/** live; without (numbers, but no waits); away (no numbers, or nobody who gives some). */
function health() {
  if (agent.isHere && agent.isServerAway) return agent.hasNumbers ? "without" : "away";
  if (isHearingServer()) return "live";
  return agent.isHere && agent.hasNumbers ? "without" : "away";
}

function speak(language) {
  const template = document.querySelector(`template[data-language="${CSS.escape(language)}"]`);
  Object.assign(document.documentElement, { lang: language, dir: template.dataset.direction });
  document.title = template.dataset.title;
  root.replaceChildren(template.content.cloneNode(true));
  scaled();
}

/** What stands instead of the start where nobody can draw. */
function seen() {
  if (outOfService.is && visit.screen !== "pin" && visit.screen !== "settings") return "closed";
  const isOpen = LISTS.has(visit.screen) || visit.screen === "confirm" || visit.screen === "code";
  return isOpen && health() === "away" ? "away" : visit.screen;
}

function render() {
  const screen = seen();
  root.dataset.screen = screen;
  root.dataset.health = health();
  for (const part of root.querySelectorAll("[data-on]")) part.hidden = !part.dataset.on.split(" ").includes(screen);
  write(one("[data-clock]"), clock(zones.now(), zones.timeZone()));
  renderFrame();
  if (visit.chosen.length && screen === "confirm") renderConfirm(root, visit, choices);
  if (visit.ticket) renderTicket(root, visit, choices, zones);
  renderPaper(root, visit);
  if (visit.refusal) write(fields(root, "refused")("refusal"), refusalText(visit.refusal));
  if (visit.came) renderCame(root, visit, zones);
  settings.render();
  choices.render({ ...visitNow(), screen }, health() === "live");
  if (screen === "code") letters.render();
  numberButtons(root);
  tell({ screen, health: health(), language: document.documentElement.lang });
}

const visitNow = () => ({ topic: visit.topic, zone: visit.zone, chosen: visit.chosen });

function renderFrame() {
  one("[data-trouble]").hidden = !visit.trouble;
  one('[data-note="emergency"]').hidden = health() !== "without";
  one('[data-away="connection"]').hidden = agent.isHere && !agent.hasNumbers;
  one('[data-away="numbers"]').hidden = !agent.isHere || agent.hasNumbers;
  write(one('[data-field="open"]'), zones.records().length ? sayOpen(zones.records(), zones.now(), zones.timeZone()) : "");
  const pressed = { listens: listening.on, contrast: aids.contrast, large: aids.large, closed: outOfService.is };
  for (const button of root.querySelectorAll("[data-pressed]")) button.setAttribute("aria-pressed", String(pressed[button.dataset.pressed]));
  for (const button of root.querySelectorAll("[data-if-listening]")) button.hidden = !listening.on;
  one("[data-legend]").hidden = !("keypad" in root.dataset);
}

function refusalText({ code, opens }) {
  const time = opens && moment(Date.parse(opens), zones.now(), zones.timeZone());
  return (time && phrase(`refused-${code}-opens`, { time })) || phrase(`refused-${code}`) || phrase("refused-other");
}

function showCountdown(left, share) {
  one("[data-countdown]").hidden = left === null;
  root.toggleAttribute("data-counting", left !== null && visit.screen !== "ticket");
  if (left === null) return write(one("[data-countdown-alert]"), "");
  const text = phrase("countdown", { n: left });
  write(one('[data-field="countdown"]'), text);
  one("[data-countdown] progress").value = share;
  if (one("[data-countdown-alert]").textContent !== "") return;
  write(one("[data-countdown-alert]"), text);
  if (visit.screen !== "ticket") listening.text(`${text} ${one('[data-do="more-time"]').textContent}`);
}

function beginCountdown() {
  const isClean = LISTS.has(visit.screen) && visit.screen === "start" && aids.isPlain && !listening.on && document.documentElement.lang === root.dataset.first;
  const { paper } = visit;
  const ticketS = !paper || paper.state === "printing" ? TICKET_S.none : paper.state === "printed" ? TICKET_S.printed : TICKET_S.failed;
  countdown.begin(seen(), { ticketS, isClean });
}

function scaled() {
  choices.begin();
  letters.begin();
  render();
}

function screenChanged() {
  choices.begin();
  render();
  beginCountdown();
  one(`[id="${seen()}"]`)?.focus({ preventScroll: true });
  root.scrollTop = 0;
  listening.screen();
}

function ended() {
  aids.reset();
  listening.end();
  settings.forget();
  delete root.dataset.keypad;
  speak(root.dataset.first);
}

/** A new version, once nobody is here and the server answers: a browser's own error page is never shown. */
async function renew() {
  const answers = visit.screen === "start" && (await fetch(location.href, { method: "HEAD" }).catch(() => null))?.ok;
  if (answers) location.reload();
  else setTimeout(renew, CLOCK_MS);
}

function choose(button) {
  const { zone, service, topic } = button.dataset;
  if (topic) return visit.go("topic", { zone, topic });
  if (!choices.canBeDrawn(button)) return;
  if (visit.screen !== "several") return visit.go("confirm", { chosen: [{ zone, service }] });
  const without = visit.chosen.filter((choice) => choice.service !== service);
  const isTaken = without.length < visit.chosen.length;
  visit.change({ chosen: isTaken ? without : [...visit.chosen, { zone, service }] });
}

function changeAids(change) {
  change();
  scaled();
  beginCountdown();
}

const deeds = {
  draw: () => errands.draw(),
  start: () => visit.end(),
  back: () => visit.back(),
  code: () => visit.go("code"),
  several: () => visit.go("several", { chosen: [] }),
  together: () => visit.chosen.length && visit.go("confirm"),
  languages: () => visit.go("languages"),
  aids: () => visit.go("aids"),
  more: () => { choices.turn(); render(); listening.screen(); },
  "more-letters": () => { letters.turn(); render(); },
  "more-time": () => countdown.extend(),
  erase: () => letters.erase(),
  "check-in": () => errands.show(letters.take()),
  "print-again": () => errands.printAgain(),
  listen: () => { listening.toggle(); beginCountdown(); },
  louder: () => listening.louder(),
  quieter: () => listening.louder(-1),
  contrast: () => changeAids(() => aids.toggleContrast()),
  large: () => changeAids(() => aids.toggleLarge()),
  knock: () => settings.knock(),
  "test-print": () => settings.testPrint(),
  "out-of-service": () => settings.turnOutOfService(),
  reload: () => location.reload(),
};

function press(button) {
  const { dataset } = button;
  if (button.closest("[data-choices]")) choose(button);
  else if (dataset.letter) letters.add(dataset.letter);
  else if (dataset.digit) letters.addDigit(dataset.digit);
  else if (dataset.speak || dataset.languageChoice) changeLanguage(dataset.speak ?? dataset.languageChoice);
  else if (button.getAttribute("aria-disabled") !== "true") deeds[dataset.do]?.();
}

function changeLanguage(language) {
  speak(language);
  if (visit.screen === "languages") visit.back();
  else screenChanged();
  one(`[data-speak="${CSS.escape(language)}"]`)?.focus({ preventScroll: true });
}

function scanned(code) {
  if (["drawing", "pin", "settings", "closed"].includes(seen())) return;
  if (visit.screen === "ticket") visit.end();
  letters.clear();
  errands.show(code);
}

function usedKeys() {
  countdown.touched();
  if ("keypad" in root.dataset) return;
  root.dataset.keypad = "";
  scaled();
}

const VOLUME_KEYS = { "+": 1, "-": -1 };

function pressedKey(key) {
  door.pressed(key);
  if (key in VOLUME_KEYS) return listening.louder(VOLUME_KEYS[key]);
  if (key === "Enter") return enter();
  if (key === "Escape" || key === "Backspace") return visit.back() || (visit.screen === "start" && visit.end());
  const button = buttonOf(root, key);
  if (button) press(button);
  else if (key === "*") deeds.listen();
  else if (key === "/" && LISTS.has(visit.screen)) deeds.languages();
  else if (visit.screen === "code") letters.add(key);
}

function enter() {
  if (visit.screen === "code") deeds["check-in"]();
  else if (visit.screen === "pin") deeds.knock();
}

const door = new Door(root, () => settings.open());
new Touches(root, { visit, press, touched: () => countdown.touched() });
new Keys({
  scanned,
  pressed: pressedKey,
  moved: (by) => listening.button(moveFocus(root, by)),
  used: usedKeys,
});

visit.addEventListener("end", ended);
visit.addEventListener("screen", screenChanged);
visit.addEventListener("change", () => {
  render();
  if (visit.screen === "ticket") beginCountdown();
});
listening.addEventListener("change", render);
agent.addEventListener("change", render);
for (const kind of ["state", "health"]) zones.addEventListener(kind, render);
for (const kind of ["online", "offline"]) addEventListener(kind, render);
zones.addEventListener("upgrade", renew);
setInterval(render, CLOCK_MS);
catchBack(() => visit.back());
scale(root, scaled);
speak(root.dataset.first);
beginCountdown();
/* Fonts and styles that came late have moved everything. */
document.fonts.ready.then(scaled);
addEventListener("load", () => requestAnimationFrame(scaled));
zones.open();
agent.follow();
attract(root);
root.dataset.ready = "yes";
