// On a tall screen with room to spare everything grows until it is used: type, rows, buttons, in steps, each of which is
// tried. Languages stand in rows of the same length.

const STEPS = [1, 0.8, 0.6, 0.4, 0.2, 0];
const LANGUAGE_MM = 36;
const OF_STAFF = new Set(["pin", "settings"]);

export class Growth {
  #key = null;

  /** Sizes or words have changed. */
  begin() {
    this.#key = null;
  }

  /** `key`: what this screen's size hangs on; `layOut()` lays its lists out anew, `isWhole()` whether they fit then. */
  fit(root, key, layOut, isWhole) {
    if (key === this.#key) return;
    this.#key = key;
    const { shape, room, screen } = root.dataset;
    const canGrow = shape === "tall" && room === "roomy" && !OF_STAFF.has(screen);
    for (const step of canGrow ? STEPS : [0]) {
      document.documentElement.style.setProperty("--kiosk-grow", step);
      balance(root);
      layOut();
      if (step === 0 || (isWhole() && hasRoom(root))) return;
    }
  }
}

/** With the countdown in its place, and within reach where everything is to stand lower. */
function hasRoom(root) {
  const countdown = root.querySelector("[data-countdown]");
  const { hidden } = countdown;
  countdown.hidden = false;
  const fits = root.scrollHeight <= root.clientHeight && root.scrollWidth <= root.clientWidth;
  const tops = [...root.querySelectorAll("button")].filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect().top);
  countdown.hidden = hidden;
  return fits && (root.dataset.large !== "yes" || Math.min(...tops) >= innerHeight / 2);
}

/** As few rows as hold every name whole, and as many names in each as in the others. */
function balance(root) {
  const bar = root.querySelector(".kiosk-languages");
  const names = [...bar.querySelectorAll("[data-speak]")];
  if (!bar.checkVisibility() || names.length < 2) return;
  const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  for (let rows = Math.ceil((names.length * LANGUAGE_MM * mm) / bar.clientWidth); rows <= names.length; rows++) {
    bar.style.setProperty("--per-row", Math.ceil(names.length / rows));
    if (new Set(names.map((each) => each.offsetTop)).size <= rows) return;
  }
}
