// The waiting list as the clerk wants to read it: in the order of calling, or by a column. Only this page's matter.

import { serviceName } from "./current.js";

const ASCENDING = "ascending";
const DESCENDING = "descending";
const BY = {
  number: (a, b) => a.number.localeCompare(b.number, undefined, { numeric: true }),
  service: (a, b, state) => serviceName(state, a.service).localeCompare(serviceName(state, b.service)),
  since: (a, b) => b.arrival_ms - a.arrival_ms,
};
let column = "";
let direction = "";

/** As it is, where no column was chosen. */
export function sorted(tickets, state) {
  if (!column) return tickets;
  const sign = direction === DESCENDING ? -1 : 1;
  return [...tickets].sort((a, b) => sign * BY[column](a, b, state));
}

/** One press sorts, the next the other way round, the third gives the order of calling back. */
export function listenToSorting(changed) {
  const buttons = [...document.querySelectorAll("[data-sort]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const again = column === button.dataset.sort;
      direction = again ? (direction === ASCENDING ? DESCENDING : "") : ASCENDING;
      column = direction ? button.dataset.sort : "";
      for (const { dataset, parentElement } of buttons) {
        if (dataset.sort === column) parentElement.setAttribute("aria-sort", direction);
        else parentElement.removeAttribute("aria-sort");
      }
      changed();
    });
  }
}
