// The visitors in the house: waiting in the order in which this counter would call them, parked, and those who did not come.

import { clock, isMakeshift, phrase, sayMethod, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { markOf } from "./current.js";
import { minutes } from "../web/js/duration.js";

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const SECTIONS = ["waiting", "parked", "missed"];

/** @param next the API's word on the order, or null while it is not known; then rank time decides */
export function showQueue(state, counter, next, nowMs, everything) {
  const place = new Map((next?.next ?? []).map(({ ticket }, index) => [ticket.id, index]));
  const order = (ticket) => place.get(ticket.id) ?? Infinity;
  const mine = ({ service, pin }) => everything || (pin ? pin === counter.id : counter.services.includes(service));
  const tickets = state.tickets.filter(mine).sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
  for (const section of SECTIONS) showSection(section, state, tickets.filter((ticket) => ticket.state === section), nowMs);
  write(part("method"), isMakeshift(state) ? sayMethod(state) : "");
  part("nobody").hidden = tickets.some((ticket) => ticket.state === "waiting");
  document.querySelector('[data-section="waiting"]').hidden = !part("nobody").hidden;
}

function showSection(section, state, tickets, nowMs) {
  document.querySelector(`[data-section="${section}"]`).hidden = tickets.length === 0;
  write(part(`count-${section}`), String(tickets.length));
  const template = document.querySelector(`[data-template="${section}"]`);
  showRecords(part(section), template, tickets, (row, ticket) => {
    fill(row, {
      number: ticket.number,
      service: named(state.services.find(({ id }) => id === ticket.service)?.name),
      mark: markOf(state, ticket),
      note: noteOn(state, ticket, nowMs),
      since: minutes(nowMs - ticket.arrival_ms),
    });
  });
}

function noteOn(state, ticket, nowMs) {
  const later = ticket.not_before_ms > nowMs && ticket.state === "waiting";
  const pinned = state.counters.find(({ id }) => id === ticket.pin);
  const notes = [
    later ? phrase("note-not-before", { time: clock(ticket.not_before_ms, state.time_zone) }) : "",
    pinned ? phrase("note-pinned", { counter: named(pinned.name) }) : "",
    ticket.reason,
  ];
  return notes.filter(Boolean).join(" · ");
}
