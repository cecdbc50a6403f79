// The zones that this kiosk draws for, live: their services, their time, and whether anything is heard of them.

import { Stream } from "../web/js/stream.js";

const WORST_FIRST = ["dead", "stale"];

export class Zones extends EventTarget {
  #zones = new Map();

  constructor(elements) {
    super();
    for (const element of elements) {
      const { zoneStream: id, timeZone } = element.dataset;
      const stream = Stream.of(element);
      for (const kind of ["state", "health", "upgrade"]) {
        stream.addEventListener(kind, () => this.dispatchEvent(new Event(kind)));
      }
      this.#zones.set(id, { stream, timeZone });
    }
  }

  open() {
    for (const { stream } of this.#zones.values()) stream.open();
  }

  get first() {
    return this.#zones.keys().next().value;
  }

  get health() {
    const all = [...this.#zones.values()].map(({ stream }) => stream.health);
    return WORST_FIRST.find((health) => all.includes(health)) ?? "live";
  }

  /** The service's record; undefined until anything is known. */
  record(zone, id) {
    return this.#zones.get(zone)?.stream.state?.services.find((service) => service.id === id);
  }

  records() {
    return [...this.#zones.values()].flatMap(({ stream }) => stream.state?.services ?? []);
  }

  now(zone = this.first) {
    return this.#zones.get(zone)?.stream.now() ?? Date.now();
  }

  timeZone(zone = this.first) {
    return this.#zones.get(zone)?.timeZone;
  }
}
