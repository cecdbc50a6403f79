// How long it takes, for each service: as many as there is room for, the others on pages that take turns.

import { phrase, sayCount, sayService, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { part, show, template } from "./part.js";

/** Narrower than so many of its letters a list has one column. */
const TWO_COLUMNS_EM = 46;

export class Waits {
  #facts;
  #zones;
  #list = part("services");
  #page = 0;
  #told = "";

  constructor(facts, zones) {
    this.#facts = facts;
    this.#zones = zones;
    if (!facts.waits) part("estimates").hidden = true;
    new ResizeObserver(() => this.fit()).observe(this.#list);
  }

  render() {
    if (!this.#facts.waits) return;
    const { known } = this.#zones;
    const heard = known.filter(({ health }) => health !== "dead");
    part("body").dataset.waits = known.length ? "shown" : "none";
    show(part("waits"), known.length > 0);
    show(part("waits-hidden"), known.length > 0 && heard.length === 0);
    show(this.#list, heard.length > 0);
    const services = heard.flatMap((zone) => this.#servicesOf(zone));
    write(part("total"), heard.length ? sayCount("waiting", services.reduce((sum, { waiting }) => sum + waiting, 0)) : "");
    const told = JSON.stringify([document.documentElement.lang, services]);
    if (told === this.#told) return;
    this.#told = told;
    showRecords(this.#list, template("service"), services, showService);
    this.fit();
  }

  /** One column if that does, then two, then smaller letters, then pages. */
  fit() {
    const list = this.#list;
    if (list.hidden) return;
    list.dataset.columns = "1";
    delete list.dataset.dense;
    const em = parseFloat(getComputedStyle(list).fontSize);
    if (this.pages > 1 && list.clientWidth > TWO_COLUMNS_EM * em) list.dataset.columns = "2";
    if (this.pages > 1) list.dataset.dense = "";
    this.turn(this.#page);
  }

  get pages() {
    const gap = parseFloat(getComputedStyle(this.#list).columnGap) || 0;
    return Math.max(1, Math.round((this.#list.scrollWidth + gap) / (this.#list.clientWidth + gap)));
  }

  /** Shows this page, or the one that it is once all have been seen; tells how many there are. */
  turn(page) {
    const list = this.#list;
    const { pages } = this;
    this.#page = page % pages;
    const style = getComputedStyle(list);
    const step = list.clientWidth + (parseFloat(style.columnGap) || 0);
    list.scrollLeft = (style.direction === "rtl" ? -1 : 1) * this.#page * step;
    show(part("pages"), pages > 1 && !list.hidden);
    part("pages").textContent = phrase("wall-page", { page: this.#page + 1, pages });
    return pages;
  }

  #servicesOf(zone) {
    const { state } = zone.stream;
    const nowMs = zone.stream.now();
    const wanted = ({ id }) => !this.#facts.services.length || this.#facts.services.includes(id);
    return state.services.filter(wanted).map((service, ordinal) => ({
      id: `${zone.id}/${service.id}`,
      state: service.state,
      zone: this.#zones.areMany && ordinal === 0 ? named(zone.name) : "",
      name: named(service.name),
      waiting: service.waiting,
      wait: sayService(service, nowMs, state.time_zone),
    }));
  }
}

function showService(row, { state, zone, name, waiting, wait }) {
  row.dataset.state = state;
  fill(row, { zone, name, waiting: String(waiting), wait, queue: sayCount("waiting", waiting) });
}
