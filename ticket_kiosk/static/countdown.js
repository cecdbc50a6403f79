// How long a screen stays when nobody touches it: told in time, extended by one touch as often as wanted, wiped at the
// end. A screen without a limit (a number is being drawn) stays until it is done.

const SECOND_MS = 1_000;
/** Enough to read the warning and reach the button (WCAG 2.2.1 wants 20 s). */
const TOLD_S = 25;
const REFUSED_S = 40;
/** A ticket's screen: the paper is in a hand; the screen is all there is; the paper was expected and did not come. */
export const TICKET_S = { printed: 25, none: 45, failed: 120 };

export class Countdown {
  #touchedS;
  #limit = null;
  #untilMs = 0;
  #told = null;

  /** `shown(seconds or null, share of the time left)`; `over()` when it is up. */
  constructor(idleS, { shown, over }) {
    this.#touchedS = Math.max(idleS, TOLD_S + 5);
    this.shown = shown;
    this.over = over;
    setInterval(() => this.#tick(), SECOND_MS / 4);
  }

  /** `ticketS` for a ticket's screen; `isClean`: nothing would be lost, so nothing is told. */
  begin(screen, { ticketS, isClean } = {}) {
    this.#limit = this.#limitOf(screen, ticketS, isClean);
    this.#told = undefined;
    this.extend();
  }

  extend() {
    this.#untilMs = performance.now() + (this.#limit?.stays ?? 0) * SECOND_MS;
    this.#tick();
  }

  /** Any touch is a sign of life; a ticket stays only by being asked to, since walking by is no wish to read on. */
  touched() {
    if (this.#limit && !this.#limit.isTicket) this.extend();
  }

  #limitOf(screen, ticketS, isClean) {
    if (screen === "drawing" || screen === "away" || screen === "closed") return null;
    if (screen === "ticket") return { stays: ticketS, told: ticketS, isTicket: true };
    if (screen === "refused" || screen === "came") return { stays: REFUSED_S, told: TOLD_S };
    return { stays: this.#touchedS, told: isClean ? 0 : TOLD_S };
  }

  #tick() {
    if (!this.#limit) return this.#tell(null);
    const left = Math.max(0, Math.ceil((this.#untilMs - performance.now()) / SECOND_MS));
    if (left === 0) return this.over();
    return this.#tell(left <= this.#limit.told ? left : null);
  }

  #tell(left) {
    if (left === this.#told) return;
    this.#told = left;
    this.shown(left, left === null ? 0 : left / this.#limit.told);
  }
}
