// How the visit at the counter ended, if the clerk says so: one key, before "next" or "finish". It never stands in the way.

import { part } from "./page.js";

export class Outcome {
  #ticket = null;
  #buttons = [...document.querySelectorAll("[data-outcome]")];

  constructor() {
    this.chosen = "";
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.#choose(button.dataset.outcome === this.chosen ? "" : button.dataset.outcome));
    }
  }

  /** Another visitor's outcome is not this one's. */
  show(held) {
    if (this.#ticket !== (held?.id ?? null)) this.#choose("");
    this.#ticket = held?.id ?? null;
    if (part("outcomes")) part("outcomes").hidden = !held;
  }

  #choose(id) {
    this.chosen = id;
    for (const button of this.#buttons) button.setAttribute("aria-pressed", button.dataset.outcome === id);
  }
}
