// What takes a while: drawing a number, looking at a code, the paper. Whoever comes next is never shown the outcome.

import { ask } from "./draw.js";
import { followPaper, printAgain } from "./paper.js";

const UNKNOWN = "unknown";
const AWAY = "away";
const OUT_OF_SERVICE = "out_of_service";
/** As a ticket has it: letters of its series, then digits. */
const TICKET_NUMBER = /^[A-Z]{1,3}[ -]?\d{2,4}$/i;

export class Errands {
  constructor(root, visit, { agent, service }) {
    Object.assign(this, { root, visit, agent, service });
  }

  async draw() {
    if (this.visit.screen !== "confirm") return;
    const [{ zone, service }, ...others] = this.visit.chosen;
    const further = others.map((choice) => choice.service);
    const body = { zone, service, ...(further.length ? { further } : {}) };
    const { answer, problem } = await this.#asked(this.root.dataset.draw, body);
    if (answer) this.#ticket(answer);
    else if (problem) this.visit.go("refused", { refusal: problem, trouble: false });
  }

  /** Nobody types a code that nobody can look at. */
  askForCode() {
    if (this.agent.isServerAway) this.#came({ kind: AWAY });
    else this.visit.go("code", { mistake: "" });
  }

  /** What was typed; without anything, what to do is said. */
  typed(code) {
    if (code) return this.show(code);
    return this.visit.change({ mistake: "code-empty" });
  }

  /** From the scanner, or typed. */
  async show(code) {
    if (this.visit.screen === "drawing" || !code) return;
    if (this.agent.isServerAway) return this.#came({ kind: AWAY });
    const { answer, problem } = await this.#asked(this.root.dataset.codes, { code });
    if (answer?.kind === "checked_in") this.#ticket(answer);
    else if (answer) this.#came(answer.kind === UNKNOWN ? { kind: unknown(code) } : answer);
    else if (problem) this.#came({ kind: problem.code });
  }

  async printAgain() {
    const { visitor } = this.visit;
    const paper = await printAgain(this.visit.paper);
    if (paper && this.visit.visitor === visitor) this.#paper(paper);
  }

  /** Nothing where the visitor is another one by then. */
  async #asked(path, body) {
    const { visitor } = this.visit;
    this.visit.go("drawing");
    const told = await ask(`${path}?lang=${document.documentElement.lang}`, body, () => {
      if (this.visit.visitor === visitor) this.visit.change({ trouble: true });
    });
    if (this.visit.visitor !== visitor) return {};
    if (told.problem?.code !== OUT_OF_SERVICE) return told;
    this.service.learn(true);
    this.visit.end();
    return {};
  }

  #came(came) {
    this.visit.go("came", { came, trouble: false });
  }

  #ticket(ticket) {
    this.visit.go("ticket", { ticket, trouble: false });
    if (ticket.paper) this.#paper(ticket.paper);
  }

  #paper(paper) {
    const { visitor } = this.visit;
    const isWanted = () => this.visit.visitor === visitor && this.visit.screen === "ticket";
    this.visit.change({ paper });
    followPaper(paper, isWanted, (news) => this.visit.change({ paper: news }));
  }
}

/** A ticket's number is no code: anybody could read it off the display. */
const unknown = (code) => (TICKET_NUMBER.test(code) ? "ticket_number" : UNKNOWN);
