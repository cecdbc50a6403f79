// The list of topics and services: which of them the screen shows, how things stand with each, which are chosen.

import { phrase, sayClosing, sayQueue, sayService, write } from "../web/js/ranges.js";
import { sayTooLate, stops } from "./closing.js";
import { Paged } from "./paging.js";

export const SCREENS = new Set(["start", "topic", "several"]);

export class Choices extends Paged {
  #root;
  #zones;

  constructor(root, zones) {
    super();
    this.#root = root;
    this.#zones = zones;
  }

  /** `isTold`: whether waits can be told now. */
  render(visit, isTold) {
    for (const button of this.#services()) this.#renderService(button, visit, isTold);
    if (!SCREENS.has(visit.screen)) return;
    this.#renderHeads(visit);
    this.#lists(visit);
  }

  button({ zone, service }) {
    return this.#services().find((button) => button.dataset.zone === zone && button.dataset.service === service);
  }

  name(choice) {
    return this.button(choice)?.querySelector(".kiosk-choice__name").textContent ?? "";
  }

  canBeDrawn(button) {
    return button.dataset.state === "open" && !button.hasAttribute("aria-disabled");
  }

  #services() {
    return [...this.#root.querySelectorAll("[data-choices] [data-service]")];
  }

  #lists(visit) {
    const items = [...this.#root.querySelectorAll("[data-choices] [data-choice]")].filter((item) => isListed(item, visit));
    const more = this.#root.querySelector(".kiosk-bar [data-more]");
    this.paging.layOut(this.#root.querySelector("[data-choices]"), items, (isNeeded) => (more.hidden = !isNeeded));
    const { number: n, count: all } = this.paging;
    write(more.querySelector("[data-field]"), all > 1 ? phrase("page", { page: n, all }) : "");
  }

  #renderHeads(visit) {
    const services = this.#services();
    const isOpen = services.some((button) => button.dataset.state === "open");
    const one = (selector) => this.#root.querySelector(selector);
    one("[data-if-open]").hidden = visit.screen !== "start" || !isOpen;
    one("[data-if-closed]").hidden = visit.screen !== "start" || isOpen;
    const open = services.filter((button) => this.canBeDrawn(button));
    const isSeveral = open.some((a) => open.some((b) => a !== b && a.dataset.zone === b.dataset.zone));
    one("[data-if-several]").hidden = visit.screen !== "start" || !isSeveral;
    const together = one('[data-do="together"]');
    if (visit.chosen.length) together.removeAttribute("aria-disabled");
    else together.setAttribute("aria-disabled", "true");
    if (visit.screen === "topic") {
      const topic = one(`[data-topic="${CSS.escape(visit.topic)}"][data-zone="${CSS.escape(visit.zone)}"] .kiosk-choice__name`);
      write(one('[data-field="topic"]'), topic.textContent);
    }
  }

  #renderService(button, visit, isTold) {
    const { zone } = button.dataset;
    const service = this.#zones.record(zone, button.dataset.service);
    const isForeign = visit.screen === "several" && visit.chosen.length > 0 && visit.chosen[0].zone !== zone;
    if (service) this.#renderState(button, service, isTold);
    else if (!isTold && button.dataset.state === "open") this.#forgetWait(button);
    const isLate = button.dataset.late === "yes";
    if (button.dataset.state !== "open" || isForeign || isLate) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    const place = visit.chosen.findIndex((c) => c.zone === zone && c.service === button.dataset.service);
    write(button.querySelector('[data-field="place"]'), place < 0 ? "" : String(place + 1));
    if (visit.screen === "several") button.setAttribute("aria-pressed", String(place >= 0));
    else button.removeAttribute("aria-pressed");
  }

  /** The agent's copy of the page has the waits of when it was made. */
  #forgetWait(button) {
    for (const name of ["wait", "ahead"]) write(button.querySelector(`[data-field="${name}"]`), "");
  }

  #renderState(button, service, isTold) {
    const { zone } = button.dataset;
    const now = this.#zones.now(zone);
    const timeZone = this.#zones.timeZone(zone);
    const isLate = isTold && stops(this.#root.dataset.nearClosing, service, now);
    Object.assign(button.dataset, { state: service.state, late: isLate ? "yes" : "no" });
    const field = (name, text) => write(button.querySelector(`[data-field="${name}"]`), text);
    field("wait", service.open && !isTold ? "" : isLate ? sayTooLate(service, timeZone) : sayService(service, now, timeZone));
    field("ahead", service.open && isTold && !isLate ? sayQueue(service) : "");
    field("closing", isTold && !isLate ? sayClosing(service, now, timeZone) : "");
  }
}

function isListed({ dataset: { topic, service, zone, in: within } }, visit) {
  if (visit.screen === "several") return Boolean(service);
  if (visit.screen === "topic") return Boolean(service) && zone === visit.zone && within.split(" ").includes(visit.topic);
  return Boolean(topic) || within === "";
}
