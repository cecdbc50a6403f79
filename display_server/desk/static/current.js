// The visitor at this counter, what may be done with it, and who would come next.

import { clock, phrase, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { ticking } from "../web/js/duration.js";
import { chosen, part } from "./page.js";

const CHIPS = { open: "wz-chip--ok", paused: "wz-chip--warning", closed: "", called: "wz-chip--call", serving: "wz-chip--ok" };
const FREE = "free";
const SECOND_MS = 1000;

/** "called", "serving", "free" or, where nobody can be called, "paused" or "closed" */
export const situation = (counter) => counter.ticket?.state ?? (counter.state === "open" ? FREE : counter.state);

export function showCurrent(state, counter, busy) {
  const held = counter.ticket;
  chip(part("counter-state"), counter.state, "counter");
  chip(part("ticket-state"), held?.state, "ticket");
  part("held").hidden = !held;
  write(part("free"), held ? "" : [phrase(`free-${counter.state}`), chosen("pause", counter.reason)].filter(Boolean).join(": "));
  if (held) showHeld(state, held);
  showNextButton(counter);
  allow(situation(counter), busy);
  for (const element of document.querySelectorAll("[data-while]")) {
    element.hidden = !element.dataset.while.split(" ").includes(situation(counter));
  }
}

/** Every second: how long it takes, when to call again, and how long the last step can be undone. */
export function showTimes(state, counter, nowMs) {
  const held = counter.ticket;
  if (held) {
    fill(part("held"), {
      wait: ticking(Math.max(0, held.called_ms - Math.max(held.arrival_ms, held.slot_ms))),
      way: ticking((held.started_ms || nowMs) - held.called_ms),
      serving: held.started_ms ? ticking(nowMs - held.started_ms) : "–",
    });
  }
  showRecall(state.rules, held, nowMs);
  const seconds = counter.undo ? Math.ceil((counter.undo.until_ms - nowMs) / SECOND_MS) : 0;
  part("undo").hidden = seconds <= 0;
  if (seconds > 0) write(part("undo-label"), phrase(`undo-${counter.undo.type}`, { number: counter.undo.number, seconds }));
}

/** @param next the answer of the API's `next`, or null while it is not known */
export function showUpcoming(state, counter, next) {
  const known = next !== null && counter.state === "open";
  part("upcoming").hidden = !known;
  if (!known) return;
  const [first] = next.next;
  const empty = next.not_before ? phrase("upcoming-later", { time: clock(Date.parse(next.not_before), state.time_zone) }) : phrase("upcoming-nobody");
  fill(part("upcoming"), {
    upcoming: first ? phrase("upcoming", { number: first.ticket.number, service: serviceName(state, first.ticket.service) }) : empty,
    why: first ? phrase(`why-${first.why}`) : "",
  });
}

export const serviceName = (state, service) => named(state.services.find(({ id }) => id === service)?.name);

/** Drawn from elsewhere and not confirmed yet, an appointment, or another class than everybody's. */
export function markOf(state, ticket) {
  if (ticket.confirm_by_ms) return phrase("mark-unconfirmed", { time: clock(ticket.confirm_by_ms, state.time_zone) });
  if (ticket.slot_ms) return phrase("mark-appointment", { time: clock(ticket.slot_ms, state.time_zone) });
  const [everybody] = state.classes;
  return ticket.visitor_class === everybody.id ? "" : named(state.classes.find(({ id }) => id === ticket.visitor_class)?.name);
}

function showHeld(state, held) {
  fill(part("held"), {
    number: held.number,
    service: serviceName(state, held.service),
    mark: markOf(state, held),
    note: chosen("park", held.reason),
    recalls: held.recalls ? phrase("recalls", { times: held.recalls + 1 }) : "",
  });
  const further = (held.further ?? []).map((service) => ({ id: service }));
  part("further").hidden = further.length === 0;
  const template = document.querySelector('[data-template="further"]');
  showRecords(part("further-list"), template, further, (item, { id }) => fill(item, { name: serviceName(state, id) }));
}

/** When the visitor may be called again, and how often. */
function showRecall(rules, held, nowMs) {
  const button = part("recall");
  const waitS = held ? Math.ceil(((held.recalled_ms || held.called_ms) + SECOND_MS * rules.recall_pause_s - nowMs) / SECOND_MS) : 0;
  const left = rules.recalls_most - (held?.recalls ?? 0);
  const called = held?.state === "called";
  button.disabled = !called || waitS > 0 || left <= 0;
  if (!called) return write(part("recall-note"), "");
  write(part("recall-note"), left <= 0 ? phrase("recall-spent") : waitS > 0 ? phrase("recall-in", { seconds: waitS }) : phrase("recall-left", { left }));
}

function showNextButton(counter) {
  const isOpen = counter.state === "open";
  part("next").dataset.command = isOpen ? "counter/call-next" : "counter/open";
  write(part("next-label"), phrase(isOpen ? (counter.ticket ? "next-finish" : "next-call") : `next-open-${counter.state}`));
}

/** A button that would be refused is not offered; while a command is under way no other can be sent. Windows open all the
 * same: who presses the key and goes on writing must not write into the page's single keys. */
function allow(now, busy) {
  const focused = document.activeElement;
  for (const button of document.querySelectorAll("[data-needs]")) {
    button.disabled = !button.dataset.needs.split(" ").includes(now);
  }
  for (const button of document.querySelectorAll("button[data-command]")) {
    button.setAttribute("aria-disabled", busy);
  }
  part("next").setAttribute("aria-busy", busy);
  if (focused?.disabled) part("next").focus();
}

function chip(element, value, kind) {
  element.hidden = !value;
  if (!value) return;
  element.className = `wz-chip ${CHIPS[value]}`;
  write(element, phrase(`${kind}-${value}`));
}
