// The screens as they are seen: one language at a time, filled with what is known now.

import { clock, moment, phrase, sayOpen, write } from "../web/js/ranges.js";
import { SCREENS as LISTS } from "./choices.js";
import { Growth } from "./growth.js";
import { numberButtons } from "./keypad.js";
import { fields, renderCame, renderConfirm, renderPaper, renderTicket } from "./ticket.js";

export class Screens {
  #growth = new Growth();

  /** `tell(facts)`: what staff are told of this terminal. */
  constructor(root, parts, tell) {
    Object.assign(this, parts, { root, tell });
  }

  /** All words anew, as the page had them at first. */
  speak(language) {
    const template = document.querySelector(`template[data-language="${CSS.escape(language)}"]`);
    Object.assign(document.documentElement, { lang: language, dir: template.dataset.direction });
    document.title = template.dataset.title;
    this.root.replaceChildren(template.content.cloneNode(true));
    sayInEvery(this.root);
    this.layOut();
  }

  /** From the lists' first pages on: sizes have changed. */
  layOut() {
    this.#growth.begin();
    this.layOutLists();
  }

  /** At once, in the type that stands: between two keys of a scanner there is no time to try others. */
  layOutLists() {
    this.choices.begin();
    this.letters.begin();
    this.render();
  }

  render() {
    const { root, visit, zones } = this;
    const { screen, health } = this.condition;
    Object.assign(root.dataset, { screen, health, out: this.service.isOut ? "yes" : "no" });
    for (const part of root.querySelectorAll("[data-on]")) part.hidden = !part.dataset.on.split(" ").includes(screen);
    write(this.#one("[data-clock]"), clock(zones.now(), zones.timeZone()));
    this.#renderAround(health);
    this.#renderVisit(screen);
    this.settings.render();
    write(fields(root, "code")("mistake"), screen === "code" && visit.mistake ? phrase(visit.mistake) : "");
    const { topic, zone, chosen } = visit;
    const lists = () => {
      this.choices.render({ topic, zone, chosen, screen }, health === "live");
      if (screen === "code") this.letters.render();
    };
    lists();
    const again = () => {
      this.choices.begin();
      this.letters.begin();
      lists();
    };
    this.#growth.fit(root, [screen, topic, health, visit.paper?.state].join(), again, () => this.#isWhole(screen));
    numberButtons(root);
    this.tell({ screen, health, language: document.documentElement.lang });
  }

  /** Whether no list of this screen needs a second page. */
  #isWhole(screen) {
    if (screen === "code") return this.letters.isWhole;
    return !LISTS.has(screen) || this.choices.isWhole;
  }

  #one(selector) {
    return this.root.querySelector(selector);
  }

  #renderVisit(screen) {
    const { root, visit, choices, zones } = this;
    if (visit.chosen.length && screen === "confirm") renderConfirm(root, visit, choices);
    if (visit.ticket) renderTicket(root, visit, choices, zones);
    renderPaper(root, visit);
    if (visit.refusal) write(fields(root, "refused")("refusal"), this.#refusal(visit.refusal));
    if (visit.came) renderCame(root, visit, zones);
  }

  #renderAround(health) {
    const { root, agent, zones, listening, aids, service } = this;
    this.#one("[data-trouble]").hidden = !this.visit.trouble;
    this.#one('[data-note="emergency"]').hidden = health !== "without";
    this.#one('[data-away="connection"]').hidden = agent.isHere && !agent.hasNumbers;
    this.#one('[data-away="numbers"]').hidden = !agent.isHere || agent.hasNumbers;
    const records = zones.records();
    write(this.#one('[data-field="open"]'), records.length ? sayOpen(records, zones.now(), zones.timeZone()) : "");
    const pressed = { listens: listening.on, contrast: aids.contrast, large: aids.large, closed: service.isOut };
    for (const button of root.querySelectorAll("[data-pressed]")) button.setAttribute("aria-pressed", String(pressed[button.dataset.pressed]));
    for (const button of root.querySelectorAll("[data-if-listening]")) button.hidden = !listening.on;
    this.#one("[data-legend]").hidden = !("keypad" in root.dataset);
  }

  #refusal({ code, opens }) {
    const { zones } = this;
    const time = opens && moment(Date.parse(opens), zones.now(), zones.timeZone());
    return (time && phrase(`refused-${code}-opens`, { time })) || phrase(`refused-${code}`) || phrase("refused-other");
  }
}

/** Where the terminal does not serve, nobody can choose a language: the notice stands in all others below the first. */
function sayInEvery(root) {
  for (const list of root.querySelectorAll("[data-every-language]")) {
    const words = `[data-on="${list.dataset.everyLanguage}"] [data-said]`;
    for (const { dataset, content } of document.querySelectorAll("template[data-language]")) {
      if (dataset.language === document.documentElement.lang) continue;
      const item = Object.assign(document.createElement("li"), { lang: dataset.language, dir: dataset.direction });
      item.textContent = [...content.querySelectorAll(words)].map((each) => each.textContent).join(". ");
      list.append(item);
    }
  }
}
