// How long a screen stays when nobody touches it: told in time, extended by one touch, wiped at the end.

const TOUCHED_S = 60;
/** Seconds a screen stays, and how many of the last ones are told (all of a ticket's). */
const LIMITS = {
  start: { stays: TOUCHED_S, told: 0 },
  confirm: { stays: TOUCHED_S, told: 25 },
  ticket: { stays: 45, told: 45 },
  refused: { stays: 30, told: 25 },
};
const SECOND_MS = 1_000;

export class Countdown {
  /** `shown(seconds or null, share of the time left)`; `over()` when it is up. */
  constructor({ shown, over }) {
    this.shown = shown;
    this.over = over;
    this.limit = null;
    setInterval(() => this.tick(), SECOND_MS / 4);
  }

  begin(screen) {
    this.limit = LIMITS[screen] ?? null;
    this.told = null;
    this.extend();
  }

  extend() {
    this.until = performance.now() + (this.limit?.stays ?? 0) * SECOND_MS;
    this.tick();
  }

  /** Any touch is a sign of life; a ticket stays only by being asked to, since walking by is no wish to read on. */
  touched() {
    if (this.limit !== LIMITS.ticket) this.extend();
  }

  tick() {
    if (!this.limit) return this.tell(null);
    const left = Math.max(0, Math.ceil((this.until - performance.now()) / SECOND_MS));
    if (left === 0) return this.over();
    return this.tell(left <= this.limit.told ? left : null);
  }

  tell(left) {
    if (left === this.told) return;
    this.told = left;
    this.shown(left, left === null ? 0 : left / this.limit.told);
  }
}
