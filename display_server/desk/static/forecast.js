// How long a visitor will still wait, in the window about the ticket: asked when a clerk asks, so that no desk is sent it
// with every forecast.

import { phrase, sayWait, write } from "../web/js/ranges.js";
import { api, part, timeZone } from "./page.js";

/** @param about the ticket, or null. The line is there from the first moment: no button moves below a finger. */
export async function showForecast(about, now) {
  const line = part("forecast");
  const waits = about?.state === "waiting";
  write(line, waits ? phrase("forecast", { wait: "…" }) : "");
  if (!waits) return;
  const response = await fetch(`${api}/tickets/${encodeURIComponent(about.id)}`).catch(() => null);
  const answer = response?.ok ? await response.json() : null;
  if (line.closest("dialog").dataset.ticket !== about.id) return;
  const told = { wait: answer?.estimate ?? null, reason: answer?.reason ?? null, not_before_ms: about.not_before_ms };
  write(line, phrase("forecast", { wait: sayWait(told, now(), timeZone) }));
}
