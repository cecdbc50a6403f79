// Everything that comes as keys: a scanner (fast characters, then Enter), a keypad, a keyboard.

/** Nobody types so fast; a scanner does. */
const FAST_MS = 80;
const SCAN_LEAST = 5;
const ARROWS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export class Keys {
  #typed = "";
  #lastMs = -Infinity;
  #timer = 0;

  /** `scanned(text)`; `pressed(key)` for a single key that is typed into no field; `moved(by)` for arrows; `used()` when
   * a person uses keys at all. */
  constructor({ scanned, pressed, moved, used }) {
    Object.assign(this, { scanned, pressed, moved, used });
    addEventListener("keydown", (event) => this.#take(event), { capture: true });
  }

  #take(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    if (event.repeat) return;
    const isFast = event.timeStamp - this.#lastMs < FAST_MS;
    this.#lastMs = event.timeStamp;
    if (event.key === "Enter" && isFast && this.#typed.length >= SCAN_LEAST) this.#scan(event);
    else if (event.key.length === 1) this.#collect(event, isFast);
    else this.#other(event);
  }

  #scan(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(this.#timer);
    const text = this.#typed;
    this.#typed = "";
    this.scanned(text);
  }

  #collect(event, isFast) {
    const isInField = event.target.matches?.("input");
    this.#typed = isFast ? this.#typed + event.key : event.key;
    if (!isInField && isFast) event.preventDefault();
    clearTimeout(this.#timer);
    this.#waitForMore(event.key, isInField);
  }

  /** A busy page may come to this late, with a scanner's other characters still before it: those go first, and when they
   * were typed says whether they belong together. */
  #waitForMore(key, isInField) {
    this.#timer = setTimeout(() => {
      if (navigator.scheduling?.isInputPending()) return this.#waitForMore(key, isInField);
      if (this.#typed.length !== 1) return;
      this.#typed = "";
      this.used();
      if (!isInField) this.pressed(key);
    }, FAST_MS);
  }

  #other(event) {
    const isInField = event.target.matches?.("input");
    if (event.key === "Shift") return;
    this.used();
    if (event.key in ARROWS && !isInField) {
      event.preventDefault();
      this.moved(ARROWS[event.key]);
    } else if (!(isInField && event.key === "Backspace") && event.key !== "Tab") {
      if (event.key === "Enter" && !isInField) return;
      this.pressed(event.key);
    }
  }
}
