/*
 * What staff must know of now: asked every second, so that every page shows it within two. Event `alarms`: the open
 * list, the oldest first, each {id, kind, device|counter, since_ms, text}; only when it has changed. Without an answer
 * the page itself raises `server_away` or `store_down`. Words come from the page: _alarms.html.
 */

import { Commands } from "./commands.js";
import { phrase } from "./ranges.js";
import { named } from "./records.js";

const EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 4_000;
/* Alarmed about after so long without an answer. */
const AWAY_MS = 10_000;
const STORE_AWAY = 503;
const AWAY = { id: "away", device: "", zones: [], automatic: true };

export class Alarms extends EventTarget {
  #url;
  #commands = new Commands({ busy() {}, retrying() {} });
  #lastGoodMs = Date.now();
  #shown = "";
  #known = [];

  /** `url`: where a zone's alarms are, or those of everything that this person may see. */
  constructor(url) {
    super();
    this.#url = url;
    this.open = [];
  }

  /** Reads `data-alarms`; begins to ask. */
  static of(element) {
    const alarms = new Alarms(element.dataset.alarms);
    alarms.#ask();
    return alarms;
  }

  /** Calls colleagues to this counter; pressed twice it is one alarm. Whether the server has it. */
  raise(counter, note = "") {
    return this.#command(this.#url, { kind: "emergency", counter, note });
  }

  /** Ends an emergency, by its id. Whether the server has it. */
  resolve(id) {
    return this.#command(`${this.#url}/${encodeURIComponent(id)}/resolve`, {});
  }

  async #command(url, body) {
    const answer = await this.#commands.send(url, body);
    const isDone = Boolean(answer?.status) && !answer.problem;
    if (isDone) await this.#look();
    return isDone;
  }

  async #ask() {
    await this.#look();
    setTimeout(() => this.#ask(), EVERY_MS);
  }

  async #look() {
    const answer = await this.#fetched(this.#url);
    const nowMs = Date.now();
    if (answer?.ok) {
      this.#lastGoodMs = nowMs;
      const told = await answer.json().catch(() => null);
      if (told) this.#known = told.alarms.map((alarm) => ({ ...alarm, since_ms: Date.parse(alarm.since) }));
    }
    const away = nowMs - this.#lastGoodMs < AWAY_MS ? [] : [this.#away(answer)];
    this.#show([...away, ...this.#known]);
  }

  #away(answer) {
    const kind = answer?.status === STORE_AWAY ? "store_down" : "server_away";
    return { ...AWAY, kind, since_ms: this.#lastGoodMs };
  }

  #show(open) {
    const shown = JSON.stringify(open);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.open = open.map((alarm) => ({ ...alarm, text: sentence(alarm) }));
    this.dispatchEvent(new CustomEvent("alarms", { detail: this.open }));
  }

  async #fetched(url) {
    try {
      return await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    } catch {
      return null;
    }
  }
}

/** In the page's language; an alarm that only a newer server knows of keeps its kind for a name. */
function sentence({ kind, device, counter, counter_name: counterName, note }) {
  const place = (counter && (named(counterName) || counter)) || device;
  const told = phrase(`alarm-${kind}`, { place }) || `${kind} ${place}`;
  return note ? phrase("alarm-noted", { told, note }) : told;
}
