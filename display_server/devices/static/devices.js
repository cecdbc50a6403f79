// The device page: asks every second how the devices are, and sends what staff want of them.

import { Alarms } from "../web/js/alarms.js";
import { showAlarms } from "../web/js/alarm_list.js";
import { Commands } from "../web/js/commands.js";
import { phrase, write } from "../web/js/ranges.js";
import { told } from "./facts.js";

const EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 4_000;
const SILENT_MS = 60_000;
const UNAUTHENTICATED = 401;
const CHIPS = { well: "wz-chip--ok", attention: "wz-chip--danger", silent: "", never: "wz-chip--warning", paired: "wz-chip--info" };

const list = document.querySelector("[data-devices]");
const dialog = document.querySelector('[data-part="revoke"]');
const commands = new Commands({ busy() {}, retrying() {} });
const alarmBox = document.querySelector("[data-alarms]");
const alarms = Alarms.of(alarmBox);
/** device -> time of the order that this page gave; only of those it tells what became of them. */
const given = new Map();

showAlarms(alarms, alarmBox);
if (list) begin();

function begin() {
  list.addEventListener("click", ({ target }) => pressed(target));
  list.addEventListener("input", ({ target }) => (target.dataset.touched = "true"));
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    submitted(event.target);
  });
  alarms.addEventListener("alarms", () => list.querySelectorAll("[data-device]").forEach(showAlarmsOf));
  look();
}

async function look() {
  try {
    const response = await fetch(list.dataset.devices, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.status === UNAUTHENTICATED) return logIn();
    if (response.ok) (await response.json()).devices.forEach(show);
  } catch {
    /* The alarms say so when it lasts. */
  }
  setTimeout(look, EVERY_MS);
}

function show(device) {
  const card = cardOf(device.id);
  if (!card) return;
  for (const [name, text] of Object.entries(told(device, list.dataset.timeZone))) {
    const field = card.querySelector(`[data-fact="${name}"]`);
    field.closest(".device__fact").hidden = text === "";
    if (field.textContent !== text) field.textContent = text;
  }
  const volume = card.querySelector('form[data-command="volume"] input');
  if (volume && device.facts.volume != null && !volume.dataset.touched) volume.value = device.facts.volume;
  const tryOut = card.querySelector('[data-command="printer_test"]');
  if (tryOut) tryOut.disabled = !device.facts.printer;
  card.dataset.seen = device.seen_ms ?? "";
  if ("optional" in card.dataset) card.hidden = !device.seen_ms;
  card.dataset.paired = device.paired;
  showState(card);
  const sinceMs = given.get(device.id);
  if (device.order && sinceMs && device.order.at_ms >= sinceMs) tell(card, phrase(`order-${device.order.state}`));
}

function showState(card) {
  const state = stateOf(card);
  const chip = card.querySelector('[data-part="state"]');
  chip.className = `wz-chip ${CHIPS[state]}`;
  write(chip, phrase(`state-${state}`));
}

function stateOf(card) {
  if (alarmsOf(card).length) return "attention";
  if (!card.dataset.seen) return card.dataset.paired === "true" ? "paired" : "never";
  return Date.now() - Number(card.dataset.seen) > SILENT_MS ? "silent" : "well";
}

const cardOf = (id) => list.querySelector(`[data-device="${CSS.escape(id)}"]`);
const alarmsOf = ({ dataset }) => alarms.open.filter((a) => a.device && `${a.device_kind}:${a.device}` === dataset.device);

function showAlarmsOf(card) {
  const box = card.querySelector('[data-part="device-alarms"]');
  box.replaceChildren(...alarmsOf(card).map(({ text }) => Object.assign(document.createElement("li"), { textContent: text })));
  box.hidden = box.childElementCount === 0;
  showState(card);
}

async function pressed(target) {
  const card = target.closest("[data-device]");
  const button = target.closest("button[type=button]");
  if (!button) return;
  if ("revoke" in button.dataset) return revoke(card, button);
  const { command, value } = button.dataset;
  if (command) await order(card, command, value === undefined ? null : JSON.parse(value));
}

async function submitted(form) {
  const card = form.closest("[data-device]");
  const values = new FormData(form);
  if ("pair" in form.dataset) {
    if (await send(card, "pairing/approve", { code: values.get("code") }, "told-paired")) form.reset();
    return;
  }
  const value = values.get("value");
  form.querySelectorAll("[data-touched]").forEach((input) => delete input.dataset.touched);
  await order(card, form.dataset.command, form.dataset.command === "volume" ? Number(value) : value);
}

function revoke(card, opener) {
  write(dialog.querySelector('[data-field="name"]'), card.querySelector(".device__name").textContent.replace(/\s+/g, " ").trim());
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    async () => {
      opener.focus();
      if (dialog.returnValue === "revoke") await send(card, "revoke", {}, "told-revoked");
    },
    { once: true },
  );
  dialog.showModal();
}

async function order(card, name, value) {
  if (await send(card, "commands", { name, value }, "order-waiting")) given.set(card.dataset.device, Date.now() - ANSWER_WITHIN_MS);
}

/** Whether it was done; says so, or why not. */
async function send(card, verb, body, done) {
  given.delete(card.dataset.device);
  const answer = await commands.send(`${card.dataset.path}/${verb}`, body);
  if (!answer) return false;
  if (answer.status === UNAUTHENTICATED) return logIn();
  tell(card, answer.problem ? phrase(`problem-${answer.problem.code}`) || phrase("problem-other") : phrase(done));
  return !answer.problem;
}

const tell = (card, text) => write(card.querySelector('[data-part="told"]'), text);
const logIn = () => location.assign(`${list.dataset.login}?next=${encodeURIComponent(location.pathname)}`);
