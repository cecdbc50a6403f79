// The visitors in the house: waiting in the order in which this counter would call them or as the clerk sorts them,
// parked, and those who did not come.

import { clock, isMakeshift, phrase, sayMethod, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { minutes } from "../web/js/duration.js";
import { markOf, serviceName } from "./current.js";
import { chosen, part } from "./page.js";
import { sorted } from "./sorting.js";

const SECTIONS = ["waiting", "parked", "missed"];
const MINUTE_MS = 60_000;
const OPEN = "open";

/** `view` is {everything, service, longMin}; `next` the API's word on the order, or null while it is not known. */
export function showQueue(state, counter, next, nowMs, view) {
  const place = new Map((next?.next ?? []).map(({ ticket }, index) => [ticket.id, index]));
  const order = (ticket) => place.get(ticket.id) ?? Infinity;
  const mine = ({ service, pin }) => view.everything || (pin ? pin === counter.id : counter.services.includes(service));
  const wanted = (ticket) => mine(ticket) && (!view.service || ticket.service === view.service);
  const tickets = state.tickets.filter(wanted).sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
  for (const section of SECTIONS) {
    const own = tickets.filter((ticket) => ticket.state === section);
    showSection(section, state, section === "waiting" ? sorted(own, state) : own, nowMs, view);
  }
  const waiting = tickets.filter((ticket) => ticket.state === "waiting");
  showLongest(waiting, nowMs, view);
  write(part("method"), isMakeshift(state) ? sayMethod(state) : "");
  part("nobody").hidden = waiting.length > 0;
  part("nobody-draws").hidden = state.services.some(({ id, state: now }) => now === OPEN && counter.services.includes(id));
  document.querySelector('[data-section="waiting"]').hidden = waiting.length === 0;
}

/** Who waits too long, of those whom this page shows; who may not be called yet does not wait. */
export const isLong = (ticket, nowMs, longMin) =>
  ticket.state === "waiting" && nowMs - Math.max(ticket.arrival_ms, ticket.not_before_ms) >= longMin * MINUTE_MS;

function showSection(section, state, tickets, nowMs, view) {
  document.querySelector(`[data-section="${section}"]`).hidden = tickets.length === 0;
  write(part(`count-${section}`), String(tickets.length));
  const template = document.querySelector(`[data-template="${section}"]`);
  showRecords(part(section), template, tickets, (row, ticket) => {
    const long = isLong(ticket, nowMs, view.longMin);
    row.classList.toggle("desk__row--long", long);
    fill(row, {
      number: ticket.number,
      service: serviceName(state, ticket.service),
      mark: markOf(state, ticket),
      note: noteOn(state, ticket, nowMs),
      since: minutes(nowMs - ticket.arrival_ms),
      long: long ? phrase("long") : "",
    });
  });
}

function showLongest(waiting, nowMs, view) {
  const longest = waiting.reduce((most, ticket) => Math.max(most, nowMs - ticket.arrival_ms), 0);
  const late = waiting.filter((ticket) => isLong(ticket, nowMs, view.longMin)).length;
  write(part("longest"), waiting.length ? phrase("longest", { minutes: minutes(longest) }) : "");
  write(part("late"), late ? phrase("late", { count: late, minutes: minutes(view.longMin * MINUTE_MS) }) : "");
}

function noteOn(state, ticket, nowMs) {
  const later = ticket.not_before_ms > nowMs && ticket.state === "waiting";
  const pinned = state.counters.find(({ id }) => id === ticket.pin);
  const notes = [
    later ? phrase("note-not-before", { time: clock(ticket.not_before_ms, state.time_zone) }) : "",
    later && ticket.delays ? phrase("note-delayed") : "",
    !later && ticket.slot_ms && ticket.state === "waiting" ? phrase("note-due") : "",
    pinned ? phrase("note-pinned", { counter: named(pinned.name) }) : "",
    ...(ticket.further ?? []).map((service) => phrase("note-further", { service: serviceName(state, service) })),
    chosen("park", ticket.reason),
  ];
  return notes.filter(Boolean).join(" · ");
}
