// How long a visitor will still wait, in the window about the ticket: asked when a clerk asks, so that no other desk is sent it.

import { phrase, sayWait, write } from "../web/js/ranges.js";
import { api, part, timeZone } from "./page.js";

/** @param about the ticket, or null */
export async function showForecast(about, now) {
  const line = part("forecast");
  write(line, "");
  if (about?.state !== "waiting") return;
  const response = await fetch(`${api}/tickets/${encodeURIComponent(about.id)}`).catch(() => null);
  const answer = response?.ok ? await response.json() : null;
  if (answer?.ticket.state !== about.state || line.closest("dialog").dataset.ticket !== about.id) return;
  const told = { wait: answer.estimate, reason: answer.reason, not_before_ms: about.not_before_ms };
  write(line, phrase("forecast", { wait: sayWait(told, now(), timeZone) }));
}
