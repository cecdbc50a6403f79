// What a clerk must notice: alarms of the house and visitors who wait too long. By colour and text on the page; by the
// system's own notices and a sound only where the clerk has switched them on.

import { sorted } from "../web/js/alarm_list.js";
import { clock, phrase } from "../web/js/ranges.js";
import { fill, showRecords } from "../web/js/records.js";
import { counterId, part, timeZone } from "./page.js";
import { isLong } from "./queue.js";
import { read, turn } from "./options.js";

const EMERGENCY = "emergency";
const GRANTED = "granted";

export class Alerts {
  #alarms;
  #known = new Set();
  #late = new Set();
  #wasEmpty = true;

  constructor(alarms) {
    this.#alarms = alarms;
    alarms.addEventListener("alarms", ({ detail }) => this.#show(detail));
    part("alarms").addEventListener("click", ({ target }) => {
      const button = target.closest("[data-resolve]");
      if (button) alarms.resolve(button.closest("[data-id]").dataset.id);
    });
  }

  /** Whether colleagues have been called to this counter. */
  get helpIsCalled() {
    return this.#alarms.open.some(({ kind, counter }) => kind === EMERGENCY && counter === counterId);
  }

  /** `mine`: those who wait for this counter; `free`: it could call them. */
  look(mine, nowMs, free) {
    const late = mine.filter((ticket) => isLong(ticket, nowMs, read("long")));
    for (const { id, number } of late) if (!this.#late.has(id)) notify(phrase("notify-late", { number }));
    this.#late = new Set(late.map(({ id }) => id));
    if (free && this.#wasEmpty && mine.length) notify(phrase("notify-waiting"));
    this.#wasEmpty = mine.length === 0;
  }

  #show(open) {
    const shown = sorted(open.filter(({ automatic, id }) => !(automatic && id === "away")));
    showRecords(part("alarms"), document.querySelector('[data-template="alarm"]'), shown, (item, alarm) => {
      const emergency = alarm.kind === EMERGENCY;
      const mine = emergency && alarm.counter === counterId;
      item.classList.toggle("wz-notice--danger", emergency);
      item.classList.toggle("wz-notice--warning", !emergency);
      item.querySelector("[data-resolve]").hidden = !emergency;
      fill(item, { text: mine ? phrase("help-called") : alarm.text, since: phrase("since", { time: clock(alarm.since_ms, timeZone) }) });
    });
    for (const { id, text } of shown) if (!this.#known.has(id)) notify(text);
    this.#known = new Set(shown.map(({ id }) => id));
  }
}

/** Asks for the permission when the option is switched on; without it the option goes off again. */
export async function allowNotices(wanted) {
  if (!wanted || Notification.permission === GRANTED) return;
  if ((await Notification.requestPermission()) !== GRANTED) turn("notices", false);
}

function notify(text) {
  if (!read("notices") || !("Notification" in globalThis) || Notification.permission !== GRANTED) return;
  new Notification(text, { silent: !read("sound"), tag: text });
}
