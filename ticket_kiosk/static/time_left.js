// How long a screen still stays, as it is seen and heard.

import { phrase, write } from "../web/js/ranges.js";
import { Countdown, TICKET_S } from "./countdown.js";

export class TimeLeft {
  #countdown;

  constructor(root, { visit, condition, aids, listening }) {
    Object.assign(this, { root, visit, condition, aids, listening });
    const shown = (left, share) => this.#show(left, share);
    this.#countdown = new Countdown(Number(root.dataset.idleS), { shown, over: () => visit.end() });
  }

  /** Anew, for the screen that is seen now. */
  begin() {
    this.#countdown.begin(this.condition.screen, { ticketS: ticketS(this.visit), isClean: this.#isClean() });
  }

  extend() {
    this.#countdown.extend();
  }

  touched() {
    this.#countdown.touched();
  }

  /** Nothing would be lost. */
  #isClean() {
    const isFirst = document.documentElement.lang === this.root.dataset.first;
    return this.visit.screen === "start" && this.aids.isPlain && !this.listening.on && isFirst;
  }

  #show(left, share) {
    const one = (selector) => this.root.querySelector(selector);
    const alert = one("[data-countdown-alert]");
    const isTicket = this.visit.screen === "ticket";
    one("[data-countdown]").hidden = left === null;
    this.root.toggleAttribute("data-counting", left !== null && !isTicket);
    if (left === null) return write(alert, "");
    const text = phrase("countdown", { n: left });
    write(one('[data-field="countdown"]'), text);
    one("[data-countdown] progress").value = share;
    if (alert.textContent !== "") return;
    write(alert, text);
    if (!isTicket) this.listening.text(`${text} ${one('[data-do="more-time"]').textContent}`);
  }
}

function ticketS({ paper }) {
  if (!paper || paper.state === "printing") return TICKET_S.none;
  return paper.state === "printed" ? TICKET_S.printed : TICKET_S.failed;
}
