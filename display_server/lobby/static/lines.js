// The calls before: as many of the configured lines as can stand there and be read. The oldest stay away.

import { part, show } from "./part.js";

/** How high a line has to be, as a share of the screen's shorter side: its letters have 0.6 of it, and their capitals are
 * 24 px high on a full HD screen. */
const LEAST_LINE = 0.056;
/** So many of them are worth more than the size of what is said beside them. */
const WORTH = 4;

export class Lines {
  #list = part("calls");
  #most;

  constructor({ lines }) {
    this.#most = lines;
  }

  /** How many there have to be room for. */
  get wanted() {
    return Math.min(WORTH, this.#list.children.length);
  }

  /** Shows as many as there is room for, but at least one row; tells how many of the wanted ones can be read. */
  fit() {
    const list = this.#list;
    const { display, gridTemplateColumns } = getComputedStyle(list);
    const columns = display === "grid" ? gridTemplateColumns.split(" ").length : 1;
    const rows = Math.floor(list.clientHeight / (LEAST_LINE * Math.min(innerWidth, innerHeight)));
    const lines = Math.min(this.#most, Math.max(1, rows) * columns);
    list.style.setProperty("--lines", lines);
    [...list.children].forEach((line, at) => show(line, at < lines));
    return Math.min(this.wanted, rows * columns);
  }
}
