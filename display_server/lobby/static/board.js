// The call that is announced and those before it, on the screen.

import { phrase, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { fitAll } from "./fit.js";
import { Lines } from "./lines.js";
import { sayNobody } from "./nobody.js";
import { part, point, show, template } from "./part.js";

/* What makes way for the call and the calls before it, less and less willingly. */
const ROOMS = [[], ["tight"], ["far"], ["tight", "mute"], ["far", "tight", "mute"]];
/* Beside the notice that the wall has no connection: then the rest is old. */
const ALONE = ["alone"];
const NAMES = [...new Set([...ROOMS, ALONE].flat())];

export class Board {
  #facts;
  #zones;
  #legibility;
  #lines;
  #waits;
  #told = "";

  constructor(facts, zones, legibility, waits) {
    this.#facts = facts;
    this.#zones = zones;
    this.#legibility = legibility;
    this.#lines = new Lines(facts);
    this.#waits = waits;
    const seen = new ResizeObserver(() => this.fit());
    for (const name of ["call", "calls"]) seen.observe(part(name));
  }

  /** @param shown newest first; drawn only where it differs from what stands there */
  render(shown) {
    const [now, ...before] = shown.slice(0, this.#facts.lines + 1);
    const lines = before.map((call) => this.#place(call));
    const first = now && this.#place(now);
    const isHeard = this.#zones.known.length > 0;
    const nobody = first || !isHeard ? "" : sayNobody(this.#zones.known);
    const told = JSON.stringify([document.documentElement.lang, nobody, first ?? null, lines]);
    if (told === this.#told) return;
    this.#told = told;
    show(part("now"), Boolean(first));
    write(part("nobody"), nobody);
    if (first) this.#showNow(first);
    show(part("calls-frame"), lines.length > 0);
    part("body").dataset.before = lines.length ? "some" : "none";
    showRecords(part("calls"), template("call"), lines, (row, line) => this.#showLine(row, line));
    this.fit();
  }

  /** Blinks, or is marked where motion is unwelcome. */
  mark() {
    const { classList } = part("call");
    classList.remove("lobby__call--new");
    void part("call").offsetWidth; // restarts the animation
    classList.add("lobby__call--new");
  }

  /** As large as it fits; where that is too small for people who sit far away, or leaves no room for calls before it that
   * can be read, the rest makes way, as far as that helps: most of all for the call. */
  fit() {
    let best = { reach: -1 };
    for (const room of part("stale").hidden ? ROOMS : [...ROOMS, ALONE]) {
      const found = this.#foundWith(room);
      if (!found || this.#isEnough(found)) return;
      if (found.reach > best.reach || (found.reach === best.reach && found.lines > best.lines)) best = { room, ...found };
    }
    this.#foundWith(best.room);
  }

  #isEnough({ reach, lines }) {
    return reach >= this.#facts.distance_m && lines >= this.#lines.wanted;
  }

  /** From how far the call can be read when this makes way, as far as anybody sits, and how many calls before it; null
   * while there is none. */
  #foundWith(room) {
    const { dataset } = part("body");
    for (const name of NAMES) {
      if (room.includes(name)) dataset[name] = "";
      else delete dataset[name];
    }
    this.#waits.fit();
    const lines = this.#lines.fit();
    fitAll();
    const { reachM } = this;
    return reachM === null ? null : { reach: Math.min(reachM, this.#facts.distance_m), lines };
  }

  /** From how far the number can be read, in metres; null while there is none. */
  get reachM() {
    return part("now").hidden ? null : this.#legibility.reachM(document.querySelector(".lobby__number"));
  }

  #showNow({ arrow, ...texts }) {
    fill(part("call"), { ...texts, direction: arrow === "none" ? "" : phrase(`wall-${arrow}`) });
    show(part("now-zone"), Boolean(texts.zone));
    part("now-zone").textContent = texts.zone;
    point(part("arrow", part("call")), arrow);
  }

  #showLine(row, { arrow, number, counter, zone }) {
    fill(row, { number, counter, zone });
    point(part("arrow", row), arrow);
  }

  #place({ id, number, counter, zone }) {
    const found = zone.stream.state.counters.find((record) => record.id === counter);
    const { arrow = "none", floor, room } = zone.counters[counter] ?? {};
    return {
      id,
      number,
      arrow,
      counter: named(found?.name),
      way: named(found?.way),
      floor: named(floor),
      room: named(room),
      zone: this.#zones.areMany ? named(zone.name) : "",
    };
  }
}
