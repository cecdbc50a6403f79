// A copy that could not be printed: the line that says so goes as soon as the printer is well again.

import { tell } from "./page.js";

const STATE = "/devices/state";
const EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 4_000;
const NOT_READY = "printer_not_ready";
const AWAY = "agent_away";

let trouble = null;

/** What became of the last command: its problem details, or null. */
export function listenForThePrinter(problem) {
  trouble = [NOT_READY, AWAY].includes(problem?.code) ? problem : null;
  if (trouble) setTimeout(look, EVERY_MS, trouble);
}

async function look(about) {
  const agent = await agentOf(about.kiosk);
  if (about !== trouble) return;
  if (!agent || !isOver(about, agent)) return void setTimeout(look, EVERY_MS, about);
  trouble = null;
  tell("");
}

function isOver({ code, seen_at: seenAt }, { seen_ms: seenMs, facts: { printer } }) {
  if (code === AWAY) return seenMs > (seenAt ? Date.parse(seenAt) + 1000 : 0);
  return Boolean(printer?.online) && !printer.cover_open && printer.paper !== "out" && !printer.fault;
}

/** null while nobody knows */
async function agentOf(kiosk) {
  const answer = await fetch(STATE, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => null);
  const told = answer?.ok ? await answer.json().catch(() => null) : null;
  return told?.devices.find(({ kind, device }) => kind === "agent" && device === kiosk) ?? null;
}
