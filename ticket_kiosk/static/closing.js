// Near the end of service: the rule of ticket_kiosk/closing.py, for live waits.

import { clock, phrase } from "../web/js/ranges.js";

/** Whether the call is expected behind the end of service. */
export function isTooLate({ open, wait, closes_ms: closesMs }, nowMs) {
  return Boolean(open && wait && closesMs) && nowMs + 1000 * wait.p50_s > closesMs;
}

export const stops = (rule, service, nowMs) => rule === "stop" && isTooLate(service, nowMs);

export const sayTooLate = (service, timeZone) => phrase("too-late", { time: clock(service.closes_ms, timeZone) });
