// The way to the server: when it is slow or away the page says so, and marks the last state that it goes on showing.

import { clock, phrase, write } from "../web/js/ranges.js";
import { page, part, timeZone } from "./page.js";

const SLOW_MS = 1500;

export class Link {
  #stream;
  #slow = null;
  #asOf = "";

  constructor(stream) {
    this.#stream = stream;
    stream.addEventListener("state", () => (this.#asOf = clock(stream.now(), timeZone)));
    stream.addEventListener("health", ({ detail: { health } }) => this.#show(health === "live"));
  }

  get isLive() {
    return this.#stream.health === "live";
  }

  /** A command is under way, or no longer. */
  busy(busy) {
    clearTimeout(this.#slow);
    this.#slow = busy ? setTimeout(() => write(part("slow"), phrase("slow")), SLOW_MS) : null;
    if (!busy) write(part("slow"), "");
  }

  retrying() {
    write(part("slow"), phrase("problem-retrying"));
  }

  /** A server that still speaks has lost its own store. */
  #show(live) {
    page.toggleAttribute("data-stale", !live);
    const cause = this.#stream.health === "stale" && Date.now() - this.#stream.heardMs < SLOW_MS ? "away-store" : "away";
    write(part("away"), live ? "" : phrase(cause, { time: this.#asOf }));
  }
}
