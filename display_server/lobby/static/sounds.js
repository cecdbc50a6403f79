// Spoken calls as sound buffers: asked for at the moment of the call, so that they are there when the gong has rung out.

const KEPT_MOST = 24;
const ANSWER_WITHIN_MS = 8000;

export class Sounds {
  #context;
  #buffers = new Map();

  constructor(context) {
    this.#context = context;
  }

  /** @returns a promise of the buffer, or of null where it cannot be had */
  get(url) {
    if (!this.#buffers.has(url)) {
      this.#buffers.set(url, this.#load(url));
      if (this.#buffers.size > KEPT_MOST) this.#buffers.delete(this.#buffers.keys().next().value);
    }
    return this.#buffers.get(url);
  }

  async #load(url) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      if (!answer.ok) throw new Error(`${answer.status}`);
      return await this.#context.decodeAudioData(await answer.arrayBuffer());
    } catch {
      this.#buffers.delete(url);
      return null;
    }
  }
}
