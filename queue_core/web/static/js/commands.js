// One intent, one effect: a key is made once and goes along with every repetition until the server has answered.

import { randomKey } from "./random.js";

const CSRF_HEADER = "X-CSRF-Token";
const ANSWER_WITHIN_MS = 8_000;
const RETRY_LEAST_MS = 400;
const RETRY_MOST_MS = 4_000;
const GIVE_UP_MS = 45_000;
// 408: what was asked did not arrive whole.
const AWAY = new Set([408, 502, 503, 504]);

export class Commands {
  #listener;
  #headers;
  #current = Promise.resolve();
  #csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  /** @param listener {busy(isBusy), retrying()}
   * @param headers gives further headers of each command */
  constructor(listener, headers = () => ({})) {
    this.#listener = listener;
    this.#headers = headers;
    this.busy = false;
  }

  /** @returns {status, problem, headers}, or null while another command is under way; status 0: no answer at all */
  async send(url, body) {
    if (this.busy) return null;
    this.#lock(true);
    this.#current = this.#untilAnswered(url, body).finally(() => this.#lock(false));
    return this.#current;
  }

  /** Settles when no command is under way. */
  async whenFree() {
    await this.#current;
  }

  async #untilAnswered(url, body) {
    const request = this.#request(body);
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (let pauseMs = RETRY_LEAST_MS; ; pauseMs = Math.min(2 * pauseMs, RETRY_MOST_MS)) {
      const answer = await this.#answer(url, request);
      if (answer || performance.now() > giveUpAt) return answer ?? { status: 0, problem: { code: "unreachable" } };
      this.#listener.retrying();
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }

  #request(body) {
    return {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": randomKey(), [CSRF_HEADER]: this.#csrf, ...this.#headers() },
      body: JSON.stringify(body),
    };
  }

  /** null: nobody answered, or only somebody who could not tell */
  async #answer(url, request) {
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      if (AWAY.has(response.status)) return null;
      const problem = response.ok ? null : await response.json().catch(() => ({}));
      return { status: response.status, headers: response.headers, problem };
    } catch {
      return null;
    }
  }

  #lock(busy) {
    this.busy = busy;
    this.#listener.busy(busy);
  }
}
