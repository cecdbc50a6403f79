// A pressed button becomes one command: not two for a double click, and what was refused is said in words.

import { clock, phrase } from "../web/js/ranges.js";
import { orderOf } from "./orders.js";
import { counterId, counterOf, counterUrl, api, heldBy, logIn, note, page, say, tell, timeZone } from "./page.js";
import { listenForThePrinter } from "./printing.js";

const UNAUTHENTICATED = 401;
const NOBODY = 204;
const SEAT_TAKEN = "seat_taken";
const GUARD_MS = Number(page.dataset.guardMs);

export class Press {
  #commands;
  #stream;
  #lostSeat;
  #last = { intent: "", at: -Infinity };

  constructor(commands, stream, lostSeat) {
    this.#commands = commands;
    this.#stream = stream;
    this.#lostSeat = lostSeat;
  }

  /** Whether the server has done it. */
  async run(command, ticket = "", values = {}) {
    if (this.#isSameIntentAgain(command, ticket)) return false;
    tell("");
    note("");
    listenForThePrinter(null);
    if (command === "counter/call-next") return this.#callNext(values);
    return this.#send(command, ticket, values);
  }

  /** One move, which also finishes; a visit whose outcome was chosen is finished with it before. */
  async #callNext({ outcome }) {
    const held = heldBy(this.#stream.state);
    if (held && outcome && !(await this.#send("counter/finish", "", { outcome }))) return false;
    return this.#send("counter/call-next", "", held && !outcome ? { current: "finish" } : {});
  }

  async #send(command, ticket, values) {
    const meant = command === "counter/undo" ? counterOf(this.#stream.state)?.undo?.ticket : heldBy(this.#stream.state)?.id;
    const { url, body } = orderOf(command, ticket, { ...values, meant }, { api, counterUrl, counterId });
    const answer = await this.#commands.send(url, body);
    if (answer) this.#report(command, answer);
    return Boolean(answer && !answer.problem);
  }

  /** The second half of a double click is not another visitor. */
  #isSameIntentAgain(command, ticket) {
    const intent = `${command} ${ticket}`;
    const nowMs = performance.now();
    const again = this.#commands.busy || (intent === this.#last.intent && nowMs - this.#last.at < GUARD_MS);
    if (!again) this.#last = { intent, at: nowMs };
    return again;
  }

  #report(command, { status, headers, problem }) {
    if (status === UNAUTHENTICATED) return logIn();
    if (status === NOBODY) return say(nobody(headers.get("Next-Not-Before")));
    if (!problem) return note(phrase(`sent-${command.split("/")[1]}`));
    if (problem.code === SEAT_TAKEN) return this.#lostSeat();
    listenForThePrinter(problem);
    tell([phrase(`problem-${problem.code}`) || phrase("problem-other"), this.#now(problem)].filter(Boolean).join(" "));
  }

  /** Where the ticket is now, if the answer tells. */
  #now({ state, ticket }) {
    const { tickets } = this.#stream.state;
    const known = tickets.concat(heldBy(this.#stream.state) ?? []).find(({ id }) => id === ticket);
    return state && known ? phrase(`now-${state}`, { number: known.number }) : "";
  }
}

const nobody = (until) => (until ? phrase("nobody-until", { time: clock(Date.parse(until), timeZone) }) : phrase("nobody"));
