// Lengths of time, as the page's language writes them.

import { locale } from "./ranges.js";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MIN = 60;
const two = (n) => String(n).padStart(2, "0");

/** 4:07, or 1:04:07 from an hour on; "" for none. */
export function ticking(ms) {
  if (ms === null) return "";
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  if (minutes < HOUR_MIN) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / HOUR_MIN)}:${two(minutes % HOUR_MIN)}:${rest}`;
}

/** Whole minutes with their unit. */
export function minutes(ms) {
  const format = new Intl.NumberFormat(locale(), { style: "unit", unit: "minute" });
  return format.format(Math.max(0, Math.floor(ms / MINUTE_MS)));
}
