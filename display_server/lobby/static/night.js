// The dark: at night, or because staff want it. A call wakes the screen all the same. And a screen that stands for years
// moves by some pixels now and then, so that nothing burns in.

import { recalled, remembered } from "./memory.js";
import { part, show } from "./part.js";

/** Around the middle, in steps of a few pixels that no eye notices; less than the wall's own margin. */
const PLACES = [
  [0, 0],
  [3, 0],
  [3, 3],
  [0, 3],
  [-3, 3],
  [-3, 0],
  [-3, -3],
  [0, -3],
  [3, -3],
];

export class Night {
  #facts;
  #zones;
  #isWanted = recalled("blank") ?? false;
  #awakeUntilMs = 0;

  constructor(facts, zones) {
    this.#facts = facts;
    this.#zones = zones;
    if (facts.shift_ms) setInterval(() => this.#shift(), facts.shift_ms);
  }

  get isDark() {
    return (this.#isWanted || this.#isNight()) && performance.now() >= this.#awakeUntilMs;
  }

  render() {
    show(part("dark"), this.isDark);
  }

  /** Staff want it dark, or no longer, over reloads too. */
  want(isDark) {
    this.#isWanted = isDark;
    this.#awakeUntilMs = 0;
    remembered("blank", isDark);
    this.render();
  }

  wakeFor(ms) {
    this.#awakeUntilMs = performance.now() + ms;
    this.render();
  }

  #isNight() {
    const { blank, time_zone: timeZone } = this.#facts;
    if (!blank) return false;
    const [from, to] = blank;
    const now = new Intl.DateTimeFormat("de", { timeStyle: "short", timeZone }).format(this.#zones.now());
    return from < to ? from <= now && now < to : now >= from || now < to;
  }

  #place = 0;

  #shift() {
    const [x, y] = PLACES[++this.#place % PLACES.length];
    document.documentElement.style.setProperty("--shift-x", `${x}px`);
    document.documentElement.style.setProperty("--shift-y", `${y}px`);
  }
}
