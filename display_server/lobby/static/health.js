// A screen that looks live is live: what is old says so, what hangs loads itself anew, and nobody ever sees a browser's
// error.

import { named } from "../web/js/records.js";
import { recalled, remembered } from "./memory.js";
import { part, show } from "./part.js";

const CHECK_MS = 5_000;

/** Loads the page again, at a moment of its own, and only while it is served. */
export async function loadAnew(withinMs, isStillDue = () => true) {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * withinMs));
  if (!isStillDue()) return;
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
  else loadAnew(Math.max(withinMs, CHECK_MS), isStillDue);
}

export class Health {
  #facts;
  #zones;
  #tongues;
  #said = "";

  constructor(facts, zones, tongues) {
    this.#facts = facts;
    this.#zones = zones;
    this.#tongues = tongues;
  }

  /** All zones together: the wall is as well as the one that is least well. */
  get now() {
    const all = this.#zones.all.map(({ health }) => health);
    return ["dead", "stale", "live"].find((health) => all.includes(health)) ?? null;
  }

  /** Says which zones are not heard of, in every language: nobody may wait for a turn to learn that. */
  render() {
    const { silent, all } = this.#zones;
    const zones = silent.map(({ name }) => named(name)).join(", ");
    if (!show(part("stale"), silent.length > 0) || zones === this.#said) return;
    this.#said = zones;
    const sentences =
      silent.length === all.length ? this.#tongues.every("wall-stale") : this.#tongues.every("wall-stale-zone", { zones });
    part("stale-text").textContent = sentences.join(" · ");
  }

  /** Comes back when the server is back, with whatever is new there. */
  reviveWhenDead() {
    const isDead = () => this.#zones.all.every(({ health }) => health === "dead");
    if (isDead()) loadAnew(this.#facts.reload_within_ms, isDead);
  }
}

/** A page whose drawing stands still, or that fell over its own feet, loads itself anew. */
export class Watchdog {
  #facts;
  #drawnMs = performance.now();
  #fallen = false;

  constructor(facts) {
    this.#facts = facts;
    this.#draw();
    setInterval(() => this.#check(), CHECK_MS);
    addEventListener("error", ({ error }) => error && this.#fall()); // without one a browser only remarks on something
    addEventListener("unhandledrejection", () => this.#fall());
  }

  #draw() {
    this.#drawnMs = performance.now();
    requestAnimationFrame(() => setTimeout(() => this.#draw(), CHECK_MS));
  }

  #check() {
    if (document.hidden) this.#drawnMs = performance.now();
    if (performance.now() - this.#drawnMs > this.#facts.hangs_after_ms) this.#fall();
  }

  /** A fault that a reload does not mend must not keep the wall loading. */
  #fall() {
    if (this.#fallen || Date.now() - (recalled("fallen_ms") ?? 0) < this.#facts.fallen_again_ms) return;
    this.#fallen = true;
    remembered("fallen_ms", Date.now());
    loadAnew(this.#facts.hangs_after_ms);
  }
}
