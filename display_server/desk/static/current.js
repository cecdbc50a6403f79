// The visitor at this counter, what may be done with it, and who would come next.

import { clock, phrase, write } from "../web/js/ranges.js";
import { fill, named } from "../web/js/records.js";
import { ticking } from "../web/js/duration.js";

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const CHIPS = { open: "wz-chip--ok", paused: "wz-chip--warning", closed: "", called: "wz-chip--call", serving: "wz-chip--ok" };
const FREE = "free";

/** "called", "serving", "free" or, where nobody can be called, "paused" or "closed" */
export const situation = (counter) => counter.ticket?.state ?? (counter.state === "open" ? FREE : counter.state);

export function showCurrent(state, counter, busy) {
  const held = counter.ticket;
  chip(part("counter-state"), counter.state, "counter");
  chip(part("ticket-state"), held?.state, "ticket");
  part("held").hidden = !held;
  write(part("free"), held ? "" : phrase(`free-${counter.state}`));
  if (held) fill(part("held"), about(state, held));
  showNextButton(counter);
  allow(situation(counter), busy);
  part("pause").hidden = part("close").hidden = situation(counter) !== FREE;
}

/** Every second: how long it takes, and how long the last step can be undone. */
export function showTimes(counter, nowMs) {
  const held = counter.ticket;
  if (held) {
    fill(part("held"), {
      wait: ticking(held.called_ms - Math.max(held.arrival_ms, held.slot_ms)),
      way: ticking((held.started_ms || nowMs) - held.called_ms),
      serving: held.started_ms ? ticking(nowMs - held.started_ms) : "–",
    });
  }
  const seconds = counter.undo ? Math.ceil((counter.undo.until_ms - nowMs) / 1000) : 0;
  part("undo").hidden = seconds <= 0;
  if (seconds > 0) write(part("undo-label"), phrase(`undo-${counter.undo.type}`, { number: counter.undo.number, seconds }));
}

/** @param next the answer of the API's `next`, or null while it is not known */
export function showUpcoming(state, counter, next) {
  const known = next !== null && counter.state === "open";
  part("upcoming").hidden = !known;
  if (!known) return;
  const [first] = next.next;
  const service = first && named(state.services.find(({ id }) => id === first.ticket.service)?.name);
  const empty = next.not_before ? phrase("upcoming-later", { time: clock(Date.parse(next.not_before), state.time_zone) }) : phrase("upcoming-nobody");
  fill(part("upcoming"), {
    upcoming: first ? phrase("upcoming", { number: first.ticket.number, service }) : empty,
    why: first ? phrase(`why-${first.why}`) : "",
  });
}

export function markOf(state, ticket) {
  if (ticket.slot_ms) return phrase("mark-appointment", { time: clock(ticket.slot_ms, state.time_zone) });
  const [everybody] = state.classes;
  return ticket.visitor_class === everybody.id ? "" : named(state.classes.find(({ id }) => id === ticket.visitor_class)?.name);
}

function about(state, held) {
  return {
    number: held.number,
    service: named(state.services.find(({ id }) => id === held.service)?.name),
    mark: markOf(state, held),
    recalls: held.recalls ? phrase("recalls", { times: held.recalls + 1 }) : "",
  };
}

function showNextButton(counter) {
  const isOpen = counter.state === "open";
  part("next").dataset.command = isOpen ? "counter/call-next" : "counter/open";
  write(part("next-label"), phrase(isOpen ? (counter.ticket ? "next-finish" : "next-call") : "next-open"));
}

/** A button that would be refused is not offered; while a command is under way no other can be sent. Windows open all the
 * same: who presses the key and goes on writing must not write into the page's single keys. */
function allow(now, busy) {
  for (const button of document.querySelectorAll("[data-needs]")) {
    button.disabled = !button.dataset.needs.split(" ").includes(now);
  }
  for (const button of document.querySelectorAll("button[data-command]")) {
    button.setAttribute("aria-disabled", busy);
  }
}

function chip(element, value, kind) {
  element.hidden = !value;
  if (!value) return;
  element.className = `wz-chip ${CHIPS[value]}`;
  write(element, phrase(`${kind}-${value}`));
}
