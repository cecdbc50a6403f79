// The gong, made by the browser's own oscillators: no file, nothing to fetch. A browser may forbid sound until somebody
// touches the page; the state is told, so that a silent wall never looks like a sounding one.

const TONES = [
  { hz: 659.26, at_s: 0, length_s: 1.6 },
  { hz: 523.25, at_s: 0.45, length_s: 2.0 },
];
const OVERTONES = [
  { ratio: 1, gain: 0.5 },
  { ratio: 2.76, gain: 0.12 },
];
const SILENCE = 0.0001;
const ATTACK_S = 0.01;

export class Gong {
  #context = null;
  #onState;

  /** @param onState is told "running", "suspended" or "none" at the start and on every change */
  constructor(onState) {
    this.#onState = onState;
    if ("AudioContext" in window) {
      this.#context = new AudioContext();
      this.#context.addEventListener("statechange", () => this.#tell());
    }
    this.#tell();
  }

  /** Call it from a gesture of the person in front. */
  async allow() {
    await this.#context?.resume();
  }

  /** @returns whether it can be heard */
  strike() {
    if (this.#context?.state !== "running") return false;
    for (const tone of TONES) for (const overtone of OVERTONES) this.#sound(tone, overtone);
    return true;
  }

  #sound({ hz, at_s, length_s }, { ratio, gain }) {
    const start = this.#context.currentTime + at_s;
    const volume = this.#context.createGain();
    volume.gain.setValueAtTime(SILENCE, start);
    volume.gain.exponentialRampToValueAtTime(gain, start + ATTACK_S);
    volume.gain.exponentialRampToValueAtTime(SILENCE, start + length_s / ratio);
    const oscillator = new OscillatorNode(this.#context, { frequency: hz * ratio });
    oscillator.connect(volume).connect(this.#context.destination);
    oscillator.start(start);
    oscillator.stop(start + length_s);
  }

  #tell() {
    this.#onState(this.#context?.state ?? "none");
  }
}
