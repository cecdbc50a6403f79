// What has been called in one zone, and what still has to be announced: each call once, in order. No DOM, no timers.
// A call is a record of the stream's `calls`: {id, number, counter, at_ms, ...}; a recall is a call of its own.

const seqOf = (call) => Number(call.id.slice(call.id.lastIndexOf("-") + 1));
const markOf = (call) => ({ at_ms: call.at_ms, seq: seqOf(call) });
const isAfter = (call, mark) => call.at_ms > mark.at_ms || (call.at_ms === mark.at_ms && seqOf(call) > mark.seq);

export class Announcements {
  #calls = [];
  #due = [];
  #concerns;
  #most;

  /** @param heard the mark of the last call announced before the page was loaded anew; null: whatever has been called
   * before the first `sync` is simply there
   * @param concerns whether this screen shows a call
   * @param most calls stand in a full list, from which the oldest falls out; from any other only what is undone goes */
  constructor(heard, concerns, most) {
    this.heard = heard;
    this.#concerns = concerns;
    this.#most = most;
  }

  /** The calls as they are now, newest first: whatever has been undone is gone, whatever is new becomes due. */
  sync(calls) {
    this.heard ??= calls.length ? markOf(calls[0]) : { at_ms: 0, seq: 0 };
    const oldest = calls.length >= this.#most ? calls.at(-1) : null;
    const leftTheList = (call) => oldest && isAfter(oldest, markOf(call));
    const arrived = calls.filter((call) => isAfter(call, this.heard) && this.#concerns(call)).reverse();
    this.#due = [...this.#due.filter(leftTheList), ...arrived];
    this.#calls = calls;
  }

  /** The call that is due first, or null. */
  get first() {
    return this.#due[0] ?? null;
  }

  /** The next call to announce, which is on the screen from now on; null when there is none. */
  next() {
    const call = this.#due.shift() ?? null;
    if (call) this.heard = markOf(call);
    return call;
  }

  /** How many calls still have to be announced. */
  get due() {
    return this.#due.length;
  }

  /** What the screen shows, newest first. */
  get shown() {
    return this.#calls.filter((call) => !isAfter(call, this.heard) && this.#concerns(call));
  }
}
