// This page's seat at the counter (decision 28): taken when the page opens, renewed, lost to another page, taken back.
// The seat lives in the tab: reloading keeps it; a duplicated tab gets its own, because nobody finds it while it is used.

import { randomKey } from "../web/js/random.js";
import { counterId, counterUrl, zone } from "./page.js";

const KEPT_AS = "desk-seat";
const EVERY_MS = 10_000;
const SOON_MS = 300;
const ANSWER_WITHIN_MS = 8_000;
const TAKEN = 409;
const UNAUTHENTICATED = 401;

export class Seat extends EventTarget {
  #csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  #neighbours = new BroadcastChannel(`desk ${zone} ${counterId}`);
  #id = sessionStorage.getItem(KEPT_AS) ?? randomKey();
  #used = true;
  #timer = null;

  /** Event `seat`: `held` is true, false, or null while nobody knows. Where it is false, `other` has what the server says
   * of the page that sits there: `may_take`, and, once it has been asked, `for_s` and `alone_s`. */
  constructor() {
    super();
    this.held = null;
    this.wasHeld = false;
    this.other = null;
    sessionStorage.removeItem(KEPT_AS);
    for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, () => (this.#used = true), { passive: true });
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", ({ persisted }) => persisted && this.soon());
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
    this.#neighbours.addEventListener("message", () => this.soon());
  }

  /** For every command: whose it is. */
  get headers() {
    return { "Wartezone-Seat": `${encodeURIComponent(counterId)}/${this.#id}` };
  }

  /** Asks for the counter; `take`: also where another page works. */
  async claim(take = false) {
    clearTimeout(this.#timer);
    const used = this.#used;
    this.#used = false;
    const answer = await this.#send("PUT", JSON.stringify({ seat: this.#id, used, take }));
    const problem = answer && !answer.ok ? await answer.json().catch(() => ({})) : null;
    this.#timer = setTimeout(() => this.claim(), EVERY_MS);
    if (!answer) this.#used ||= used;
    else if (answer.ok) this.#sits(take);
    else if (answer.status === TAKEN) this.#is(false, problem);
    else if (answer.status === UNAUTHENTICATED) this.dispatchEvent(new Event("ended"));
  }

  /** Something says that the seat may be another page's by now. */
  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.claim(), SOON_MS);
  }

  lost() {
    this.#is(false, this.other ?? { may_take: false });
    this.soon();
  }

  #sits(taken) {
    this.wasHeld = true;
    this.#is(true, null);
    if (taken) this.#neighbours.postMessage("taken");
  }

  #is(held, other) {
    this.held = held;
    this.other = other;
    this.dispatchEvent(new Event("seat"));
  }

  #leave() {
    sessionStorage.setItem(KEPT_AS, this.#id);
    if (this.held) this.#send("DELETE");
  }

  async #send(method, body) {
    const headers = { "X-CSRF-Token": this.#csrf, ...this.headers, ...(body ? { "Content-Type": "application/json" } : {}) };
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return fetch(`${counterUrl}/seat`, { method, headers, body, signal, keepalive: true }).catch(() => null);
  }
}
