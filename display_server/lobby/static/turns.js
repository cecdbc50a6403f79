// What takes turns on a wall, slowly: languages, pages of waits, notices. Nothing moves in between, and whoever presses
// the space bar stops it.

export class Turns {
  #steps = [];
  #count = 0;
  #isPaused = false;

  constructor(everyMs) {
    setInterval(() => this.#isPaused || this.#turn(), everyMs);
    addEventListener("keydown", (event) => {
      if (event.key === " " && event.target === document.body) this.#isPaused = !this.#isPaused;
    });
  }

  /** `step(count)` at each turn; whoever was added first turns over before the next one moves: it tells how many turns
   * make one of its rounds. */
  add(step) {
    this.#steps.push(step);
  }

  #turn() {
    let count = ++this.#count;
    for (const step of this.#steps) count = Math.floor(count / Math.max(1, step(count)));
  }
}
