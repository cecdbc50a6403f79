// How loud: by the time of day in the zone, until somebody says otherwise; then so until the plan's next step.

const FULL = 100;

export class Volume {
  #plan;
  #timeZone;
  #now;
  #told = null;

  /** @param plan [{since: "08:00", percent}], by time; before the first the last of the day before holds */
  constructor({ volumes, timeZone }, now) {
    this.#plan = volumes;
    this.#timeZone = timeZone;
    this.#now = now;
  }

  get percent() {
    const step = this.#step();
    if (this.#told && this.#told.step !== step) this.#told = null;
    return this.#told ? this.#told.percent : (this.#plan[step]?.percent ?? FULL);
  }

  /** What the ear takes for half as loud is a quarter of the amplitude. */
  get gain() {
    return (this.percent / FULL) ** 2;
  }

  tell(percent) {
    this.#told = { percent: Math.min(FULL, Math.max(0, Number(percent) || 0)), step: this.#step() };
  }

  #step() {
    const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: this.#timeZone }).format(this.#now());
    const begun = this.#plan.findLastIndex(({ since }) => since <= time);
    return begun < 0 ? this.#plan.length - 1 : begun;
  }
}
