// What the house has to say: notices of these days and the ticker, one at a time, and what staff say right now. Steps
// instead of a running line: nothing moves while it is read.

import { named } from "../web/js/records.js";
import { write } from "../web/js/ranges.js";
import { recalled, remembered } from "./memory.js";
import { part, show } from "./part.js";

export class Notices {
  #facts;
  #zones;
  #now = 0;

  constructor(facts, zones) {
    this.#facts = facts;
    this.#zones = zones;
    this.say(recalled("message") ?? "");
  }

  render() {
    const texts = this.#texts();
    write(part("notice"), texts[this.#now % Math.max(1, texts.length)] ?? "");
    show(part("notices"), texts.length > 0);
  }

  /** Shows the next one; tells how many there are. */
  turn(count) {
    const { length } = this.#texts();
    this.#now = count % Math.max(1, length);
    this.render();
    return length;
  }

  /** What staff say, until they say something else, over reloads too; "" is nothing. */
  say(message) {
    remembered("message", message);
    write(part("message"), message);
  }

  #texts() {
    if (!this.#zones.known.length) return [];
    const today = this.#today();
    const notices = this.#facts.notices.filter(({ begins, ends }) => (begins ?? today) <= today && today <= (ends ?? today));
    return [...notices.map(({ text }) => named(text)), named(this.#facts.ticker)].filter(Boolean);
  }

  /** The zone's local date, as notices are dated: 2026-11-22. */
  #today() {
    const iso = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone: this.#facts.time_zone });
    return iso.format(this.#zones.now());
  }
}
