// The calls of all zones of this wall in one order: each is announced once, and what is announced last stands on top.
// No DOM, no timers.

import { Announcements } from "./announcements.js";
import { recalled, remembered } from "./memory.js";

export class Calls {
  #facts;
  #zones;
  #byZone;
  #announced = new Map();

  constructor(facts, zones) {
    this.#facts = facts;
    this.#zones = zones;
    const marks = recalled("announced") ?? {};
    const concerns = (call) => this.#concerns(call);
    this.#byZone = new Map(zones.all.map(({ id }) => [id, new Announcements(marks[id] ?? null, concerns, facts.calls_most)]));
  }

  /** Takes in how the zone stands now; the ids of announced calls that are no longer so: undone, or called again. */
  sync(zone) {
    const announcements = this.#byZone.get(zone.id);
    announcements.sync(zone.stream.state.calls);
    this.#keep();
    const there = new Set(this.#of(zone).map(({ id }) => id));
    const gone = [...this.#announced.keys()].filter((id) => id.startsWith(`${zone.id}/`) && !there.has(id));
    for (const id of gone) this.#announced.delete(id);
    return gone;
  }

  /** The next call to announce, of whichever zone called first; null when there is none. Whatever is due for longer than
   * the screen was away is only shown. */
  next() {
    for (;;) {
      const zone = this.#firstDue();
      if (!zone) return null;
      const call = told(zone, this.#byZone.get(zone.id).next());
      this.#keep();
      if (this.#ageMs(call) > this.#facts.announce_age_most_ms) continue;
      this.#announced.set(call.id, this.#announced.size ? Math.max(...this.#announced.values()) + 1 : 1);
      return call;
    }
  }

  /** How many calls still have to be announced. */
  get due() {
    return [...this.#byZone.values()].reduce((sum, announcements) => sum + announcements.due, 0);
  }

  /** What the screen shows: announced last first, then by time. */
  get shown() {
    const order = ({ id }) => this.#announced.get(id) ?? 0;
    const calls = this.#zones.known.flatMap((zone) => this.#of(zone));
    return calls.sort((a, b) => order(b) - order(a) || b.at_ms - a.at_ms);
  }

  #of(zone) {
    return this.#byZone.get(zone.id).shown.map((call) => told(zone, call));
  }

  #firstDue() {
    const first = (zone) => this.#byZone.get(zone.id).first;
    const due = this.#zones.known.filter(first);
    return due.sort((a, b) => first(a).at_ms - first(b).at_ms)[0] ?? null;
  }

  #ageMs(call) {
    const { stream } = call.zone;
    return (stream.now() - call.at_ms) / (stream.clock?.rate ?? 1);
  }

  #concerns({ service, counter }) {
    const { services, counters } = this.#facts;
    return (!services.length || services.includes(service)) && (!counters.length || counters.includes(counter));
  }

  #keep() {
    remembered("announced", Object.fromEntries([...this.#byZone].map(([id, { heard }]) => [id, heard])));
  }
}

/** With its zone, and an id that no other zone's call has. */
const told = (zone, call) => ({ ...call, id: `${zone.id}/${call.id}`, zone });
