// The hidden way to the settings: the clock held for three seconds, or a sequence of keys; then the PIN, which the server
// checks each time and which is forgotten with the screen.

const HELD_MS = 3_000;
const SEQUENCE = "+-+-+-";
const MISTAKES = { 409: "printer-missing", 429: "pin-locked" };

/** Calls `open` when somebody finds the way. */
export class Door {
  #timer = 0;
  #keys = "";

  constructor(root, open) {
    this.open = open;
    root.addEventListener("pointerdown", ({ target }) => target.closest("[data-clock-place]") && this.#hold());
    for (const kind of ["pointerup", "pointercancel", "pointerleave"]) root.addEventListener(kind, () => clearTimeout(this.#timer));
  }

  pressed(key) {
    this.#keys = (this.#keys + key).slice(-SEQUENCE.length);
    if (this.#keys === SEQUENCE) this.open();
  }

  #hold() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.open, HELD_MS);
  }
}

/** {known} what the settings show, or {mistake}: the name of a phrase. */
export async function knock(url, pin, deed = "look") {
  try {
    const body = JSON.stringify({ pin, do: deed });
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (response.ok) return { known: await response.json() };
    return { mistake: MISTAKES[response.status] ?? (response.status < 500 ? "pin-wrong" : "pin-away") };
  } catch {
    return { mistake: "pin-away" };
  }
}
