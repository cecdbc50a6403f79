// Shows open alarms in the box of _alarm_list.html: the gravest first, an emergency with its button.

import { clock, write } from "./ranges.js";
import { fill, showRecords } from "./records.js";

const GRAVE = new Set(["emergency", "paper_out", "printer_offline", "kiosk_silent", "agent_silent", "store_down", "server_away"]);

/** `alarms`: an `Alarms`; `box`: the element of _alarm_list.html. */
export function showAlarms(alarms, box) {
  const list = box.querySelector('[data-part="alarms"]');
  const template = box.querySelector('template[data-template="alarm"]');
  alarms.addEventListener("alarms", ({ detail: open }) => {
    box.hidden = open.length === 0;
    showRecords(list, template, sorted(open), (item, alarm) => show(item, alarm, box.dataset.timeZone));
  });
  list.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-resolve]");
    if (!button) return;
    button.disabled = true;
    await alarms.resolve(button.closest("[data-id]").dataset.id);
    button.disabled = false;
  });
}

/** What somebody called for comes first, then what stops people, then the rest; within them the oldest. */
export function sorted(open) {
  const rank = ({ kind }) => (kind === "emergency" ? 0 : GRAVE.has(kind) ? 1 : 2);
  return [...open].sort((a, b) => rank(a) - rank(b) || a.since_ms - b.since_ms);
}

function show(item, alarm, timeZone) {
  item.classList.toggle("wz-alarm--grave", GRAVE.has(alarm.kind));
  fill(item, { text: alarm.text });
  write(item.querySelector("[data-since]"), clock(alarm.since_ms, timeZone));
  const button = item.querySelector("[data-resolve]");
  if (button) button.hidden = alarm.automatic;
}
