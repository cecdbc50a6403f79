// The kiosk's agent beside this browser: whether there is one, how its printer is, and whether it reaches the server.
// The page says whether there is one. Event: `change`.

const EVERY_MS = 5_000;
const WITHIN_MS = 4_000;

export class Agent extends EventTarget {
  #told = null;
  #isExpected;
  #isHeard = false;

  constructor(root) {
    super();
    this.#isExpected = "agent" in root.dataset;
  }

  /** There is one, and it answers. */
  get isHere() {
    return this.#isHeard;
  }

  get isServerAway() {
    return this.#isHeard && this.#told.server === "away";
  }

  /** It can go on drawing numbers by itself. */
  get hasNumbers() {
    return this.#isHeard && this.#told.emergency_left !== 0;
  }

  get printer() {
    return this.#told?.printer?.state ?? "none";
  }

  get isOutOfService() {
    return this.#told?.out_of_service ?? false;
  }

  async follow() {
    if (!this.#isExpected) return;
    await this.#look();
    setTimeout(() => this.follow(), EVERY_MS);
  }

  async #look() {
    const before = JSON.stringify([this.#isHeard, this.#told]);
    try {
      const response = await fetch("/agent/state", { signal: AbortSignal.timeout(WITHIN_MS) });
      if (response.ok) this.#told = await response.json();
      this.#isHeard = response.ok;
    } catch {
      this.#isHeard = false;
    }
    if (JSON.stringify([this.#isHeard, this.#told]) !== before) this.dispatchEvent(new Event("change"));
  }
}
