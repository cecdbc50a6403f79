// The calls that are still to be said, in order: each once, also when the page is loaded anew in between. No DOM, no sound.

const BEGUN_KEPT = 400;
const idOf = ({ zone, id }) => `${zone}/${id}`;
const whereOf = ({ zone, number, counter }) => `${zone}/${number}/${counter}`;

export class Waiting {
  #calls;
  #begun;
  #rules;
  #memory;

  /** @param rules {mergeBeyond, togetherMost, ageMostS} @param memory {read(), write(value)} */
  constructor(rules, memory) {
    this.#rules = rules;
    this.#memory = memory;
    const { calls = [], begun = [] } = memory.read() ?? {};
    this.#calls = calls;
    this.#begun = new Set(begun);
  }

  get size() {
    return this.#calls.length;
  }

  /** @param ageS how old the call is by its zone's clock, in seconds of this machine @returns whether it is new */
  add(call, ageS) {
    const id = idOf(call);
    if (this.#begun.has(id) || this.#calls.some((waiting) => idOf(waiting) === id)) return false;
    this.#calls.push({ ...call, bornMs: Date.now() - 1000 * Math.max(0, ageS) });
    this.#keep();
    return true;
  }

  /** An undone call is not said, as long as nobody has begun to. */
  retract(id, zone) {
    this.#calls = this.#calls.filter((call) => call.id !== id || (zone && call.zone !== zone));
    this.#keep();
  }

  /** Takes what is to be said next: one call, several together, or nothing. */
  next() {
    const many = this.#calls.length > this.#rules.mergeBeyond;
    return once(this.#take(this.#calls.slice(0, many ? this.#rules.togetherMost : 1)));
  }

  /** Takes what has become too old to be said. */
  drop() {
    return this.#take(this.#calls.filter((call) => this.#isOld(call)));
  }

  #take(calls) {
    for (const call of calls) this.#begun.add(idOf(call));
    this.#calls = this.#calls.filter((call) => !calls.includes(call));
    if (calls.length) this.#keep();
    return calls;
  }

  #isOld(call) {
    return Date.now() - call.bornMs > 1000 * this.#rules.ageMostS;
  }

  #keep() {
    this.#begun = new Set([...this.#begun].slice(-BEGUN_KEPT));
    this.#memory.write({ calls: this.#calls, begun: [...this.#begun] });
  }
}

/** Said together, a call and its recall are one. */
function once(calls) {
  return calls.filter((call, at) => calls.findIndex((other) => whereOf(other) === whereOf(call)) === at);
}
