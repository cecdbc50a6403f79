// The page that the modules share: what it says of itself, and where to write.

import { phrase, write } from "../web/js/ranges.js";

/** Long enough to be read; what it says is seen in the list as well, or on paper. */
const NOTED_MS = 10_000;
let noted = null;

export const page = document.querySelector("[data-desk]");
export const part = (name) => document.querySelector(`[data-part="${name}"]`);
export const { zone, api, counter: counterId, timeZone, login } = page.dataset;
export const counterUrl = `${api}/counters/${encodeURIComponent(counterId)}`;

export const counterOf = (state) => state?.counters.find(({ id }) => id === counterId);
export const heldBy = (state) => counterOf(state)?.ticket ?? null;

/** Read out and not shown: what was done. */
export const say = (sentence) => sentence && write(part("status"), sentence);

/** Shown for a while and read out: what was done, where nothing else on the page shows it; "" takes it away. */
export function note(sentence) {
  clearTimeout(noted);
  write(part("noted"), sentence);
  if (sentence) noted = setTimeout(() => write(part("noted"), ""), NOTED_MS);
}

/** Shown and read out: what went wrong; "" takes it away. */
export const tell = (sentence) => write(part("problem"), sentence);

/** A text that the office chose for this id; whatever else is written there stands for itself. */
export const chosen = (kind, id) => (id ? phrase(`${kind}-${id}`) || id : "");

export function logIn() {
  location.assign(`${login}${login.includes("?") ? "&" : "?"}next=${encodeURIComponent(location.pathname)}`);
}
