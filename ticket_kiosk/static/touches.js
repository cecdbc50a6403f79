// Fingers: one touch, one effect. A second touch at the same place, just after the screen has changed, was meant for the
// screen before.

const ECHO_MS = 600;
const ECHO_MM = 12;

export class Touches {
  #last = { atMs: -Infinity, x: 0, y: 0, screen: null };

  constructor(root, { visit, press, touched }) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button || this.#isEcho(event, visit.screen)) return;
      const { screen } = visit;
      press(button);
      if (visit.screen !== screen) this.#last = { atMs: event.timeStamp, x: event.clientX, y: event.clientY, screen: visit.screen };
    });
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched);
    addEventListener("contextmenu", (event) => event.preventDefault());
    addEventListener("gesturestart", (event) => event.preventDefault());
    addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(), { passive: false });
  }

  /** Keys have no place: their clicks have no detail. */
  #isEcho({ detail, timeStamp, clientX, clientY }, screen) {
    const { atMs, x, y } = this.#last;
    if (detail === 0 || timeStamp - atMs > ECHO_MS || screen !== this.#last.screen) return false;
    const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
    return Math.hypot(clientX - x, clientY - y) < ECHO_MM * mm;
  }
}
