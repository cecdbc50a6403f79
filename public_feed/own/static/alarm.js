// "Please come now" that is hard to miss: the phone shakes, rings where it was asked to, and the page moves.

const CALL_PATTERN_MS = [400, 150, 400, 150, 800];
/* Two rising notes, three times; Hz and seconds. */
const NOTES = [660, 880, 660, 880, 660, 880];
const NOTE_S = 0.35;
const LOUDNESS = 0.6;

export class Alarm {
  /** @param call the element that says where to go
   *  @param box holds the button that lets the phone ring: browsers want a tap first */
  constructor(call, box, words) {
    Object.assign(this, { call, audio: null, lock: null });
    const button = box?.querySelector("[data-ring-button]");
    if (!button || !("AudioContext" in window)) return;
    box.hidden = false;
    button.addEventListener("click", async () => {
      await this.allow();
      button.setAttribute("aria-pressed", "true");
      box.querySelector("[data-ring-on]").textContent = words;
      this.ring(NOTES.slice(0, 2));
    });
  }

  async allow() {
    this.audio ??= new AudioContext();
    await this.audio.resume();
    await this.stayAwake();
  }

  /** The screen stays on; a page that was left and is back asks again. Without it the phone rings as long as it is on. */
  async stayAwake() {
    this.lock = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  /** For every call, and again when somebody comes back to a page that was called meanwhile. */
  sound() {
    navigator.vibrate?.(CALL_PATTERN_MS);
    if (this.audio) this.ring(NOTES);
    this.call.classList.remove("own-call--again");
    requestAnimationFrame(() => this.call.classList.add("own-call--again"));
    this.call.scrollIntoView({ block: "start" });
  }

  async ring(notes) {
    await this.audio.resume();
    notes.forEach((hz, n) => this.note(hz, this.audio.currentTime + n * NOTE_S));
  }

  note(hz, at) {
    const tone = new OscillatorNode(this.audio, { frequency: hz });
    const loudness = new GainNode(this.audio, { gain: 0 });
    loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
    tone.connect(loudness).connect(this.audio.destination);
    tone.start(at);
    tone.stop(at + NOTE_S);
  }

  back() {
    if (this.audio) this.stayAwake();
  }
}
