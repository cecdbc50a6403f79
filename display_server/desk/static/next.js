// Who is next at this counter, and why: asked anew after every change, once at a time. Only the newest answer counts.

const GATHER_MS = 60;

export class NextInLine {
  #url;
  #changed;
  #asked = 0;
  #timer = null;

  /** @param changed is called when `answer` is another one */
  constructor(url, changed) {
    this.#url = url;
    this.#changed = changed;
    this.answer = null;
  }

  ask() {
    this.#timer ??= setTimeout(() => this.#fetch(), GATHER_MS);
  }

  async #fetch() {
    this.#timer = null;
    const asked = ++this.#asked;
    const response = await fetch(this.#url).catch(() => null);
    const answer = response?.ok ? await response.json() : null;
    if (asked !== this.#asked) return;
    this.answer = answer;
    this.#changed();
  }
}
