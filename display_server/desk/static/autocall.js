// Calls the next by itself when the counter is free: only where the clerk has switched it on, and always with a countdown
// that any key or click on "stop" ends. Once stopped it waits for the next visitor who was called by hand.

import { phrase, write } from "../web/js/ranges.js";
import { part } from "./page.js";
import { read } from "./options.js";

const COUNTDOWN_S = 10;

export class AutoCall {
  #call;
  #leftS = null;
  #stopped = false;

  constructor(call) {
    this.#call = call;
    part("autocall-stop").addEventListener("click", () => this.stop());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#leftS !== null && this.stop());
  }

  /** Every second. `may`: free, somebody is next, the page holds its seat and its connection. `busy`: a visitor is here. */
  tick(may, busy) {
    if (busy) this.#stopped = false;
    if (!may || this.#stopped || !read("autocall")) return this.#show(null);
    this.#show(this.#leftS === null ? COUNTDOWN_S : this.#leftS - 1);
    if (this.#leftS > 0) return;
    this.#show(null);
    this.#call();
  }

  stop() {
    this.#stopped = true;
    this.#show(null);
    part("next").focus();
  }

  #show(leftS) {
    this.#leftS = leftS;
    part("autocall").hidden = leftS === null;
    if (leftS !== null) write(part("autocall-label"), phrase("autocall", { seconds: leftS }));
  }
}
