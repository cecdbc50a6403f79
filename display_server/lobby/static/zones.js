// The zones of this wall: one stream each, and what they say together. Events: `state` and `health` with {zone},
// `upgrade`, `refused`. No DOM.

import { Stream } from "../web/js/stream.js";

export class Zones extends EventTarget {
  /** @param facts what the page was told: docs/displays.md */
  constructor(facts) {
    super();
    this.all = facts.zones.map((zone) => ({ ...zone, stream: new Stream(zone.stream), health: null }));
    for (const zone of this.all) this.#follow(zone);
  }

  open() {
    for (const zone of this.all) zone.stream.open();
  }

  of(id) {
    return this.all.find((zone) => zone.id === id) ?? null;
  }

  /** Those that have said how they stand. */
  get known() {
    return this.all.filter((zone) => zone.stream.state);
  }

  /** Those that have not been heard of for a while. */
  get silent() {
    return this.all.filter((zone) => zone.health === "stale" || zone.health === "dead");
  }

  get areMany() {
    return this.all.length > 1;
  }

  /** The first zone's time: the wall's clock. */
  now() {
    return this.all[0].stream.now();
  }

  /** Tells each zone that what it said is on the screen; where they stand, by id. */
  rendered() {
    for (const { stream } of this.known) stream.rendered();
    return Object.fromEntries(this.known.map(({ id, stream: { position } }) => [id, [position.epoch, position.seq]]));
  }

  #follow(zone) {
    zone.stream.addEventListener("state", () => this.#say("state", { zone }));
    zone.stream.addEventListener("health", ({ detail: { health } }) => {
      zone.health = health;
      this.#say("health", { zone });
    });
    for (const name of ["upgrade", "refused"]) zone.stream.addEventListener(name, () => this.#say(name, { zone }));
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
