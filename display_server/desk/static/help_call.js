// Calling colleagues for help: two presses of the same key or button, so that nobody calls by mistake, and nothing else
// in between. It needs neither the seat nor the visitor, and it does not wait for other commands.

import { phrase, write } from "../web/js/ranges.js";
import { counterId, part, tell } from "./page.js";

const ARMED_MS = 6_000;
/** Nobody in need waits longer for a machine before being told. */
const SLOW_MS = 2_500;

export class HelpCall {
  #alarms;
  #button = part("help-call");
  #label = part("help-label");
  #armed = null;
  #sending = false;

  constructor(alarms) {
    this.#alarms = alarms;
    this.#button.addEventListener("click", () => this.#press());
    this.#button.addEventListener("blur", () => this.#disarm());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#disarm());
  }

  #press() {
    if (this.#sending) return;
    if (!this.#armed) return this.#arm();
    this.#disarm();
    this.#call();
  }

  #arm() {
    this.#button.focus();
    this.#armed = setTimeout(() => this.#disarm(), ARMED_MS);
    this.#button.classList.add("desk__help-call--armed");
    write(this.#label, phrase("help-confirm"));
    write(part("help-said"), phrase("help-confirm"));
  }

  #disarm() {
    clearTimeout(this.#armed);
    this.#armed = null;
    this.#button.classList.remove("desk__help-call--armed");
    write(this.#label, phrase("help-call"));
    write(part("help-said"), "");
  }

  async #call() {
    this.#sending = true;
    const waiting = setTimeout(() => tell(phrase("help-waiting")), SLOW_MS);
    const called = await this.#alarms.raise(counterId);
    clearTimeout(waiting);
    this.#sending = false;
    tell(called ? "" : phrase("help-failed"));
  }
}
