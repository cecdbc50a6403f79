// Visitors who have an appointment today and have not checked in: who is due, who is late, and checking one in.

import { clock, phrase, write } from "../web/js/ranges.js";
import { fill, named, showRecords } from "../web/js/records.js";
import { minutes } from "../web/js/duration.js";
import { serviceName } from "./current.js";
import { api, logIn, part, tell } from "./page.js";
import { openWindow } from "./windows.js";

const SECOND_MS = 1000;
const DIGITS = 9;
const ANSWER_WITHIN_MS = 8_000;
const UNAUTHENTICATED = 401;
const SECTION = document.querySelector('[data-section="bookings"]');
const ROW = document.querySelector('[data-template="bookings"]');
const CHOICE = document.querySelector('[data-template="booking-choice"]');

/** `view` is {everything, service}, as of the waiting list. */
export function showBookings(state, counter, nowMs, view) {
  const mine = ({ service }) => (view.everything || counter.services.includes(service)) && (!view.service || service === view.service);
  const bookings = state.bookings.filter(mine);
  const late = bookings.filter(({ slot_ms }) => isLate(slot_ms, nowMs));
  SECTION.hidden = bookings.length === 0;
  write(part("count-bookings"), String(people(bookings)));
  write(part("late-bookings"), late.length ? phrase("bookings-late", { count: people(late) }) : "");
  showRecords(part("bookings"), ROW, bookings, (row, booking) => showRow(row, booking, state, nowMs));
}

/** Asks whose appointment it is: the codes come only now, and only to whoever may check in for others. */
export async function askWhose(id, state) {
  const wanted = state.bookings.find((booking) => booking.id === id);
  const known = wanted && (await expectedToday());
  if (!known) return;
  const alike = known.filter(
    ({ service, visitor_class, slot_at }) =>
      service === wanted.service && visitor_class === wanted.visitor_class && Date.parse(slot_at) === wanted.slot_ms,
  );
  if (alike.length === 0) return tell(phrase("problem-unknown_booking"));
  part("booking-choices").replaceChildren(...alike.map(choice));
  openWindow("check-in", { id: "", number: clock(wanted.slot_ms, state.time_zone) });
}

const people = (bookings) => bookings.reduce((sum, { count }) => sum + count, 0);
const isLate = (slotMs, nowMs) => nowMs - slotMs >= 60 * SECOND_MS;

function showRow(row, { slot_ms: slotMs, service, visitor_class: visitorClass, count }, state, nowMs) {
  const { booking_lead_s: leadS, booking_earliest_s: earliestS } = state.rules;
  const opensMs = slotMs - SECOND_MS * earliestS;
  const late = isLate(slotMs, nowMs);
  const [everybody] = state.classes;
  row.classList.toggle("desk__row--long", late);
  fill(row, {
    time: clock(slotMs, state.time_zone),
    service: serviceName(state, service),
    mark: visitorClass === everybody.id ? "" : named(state.classes.find(({ id }) => id === visitorClass)?.name),
    count: count > 1 ? phrase("booking-count", { count }) : "",
    due: !late && nowMs >= slotMs - SECOND_MS * leadS ? phrase("booking-due") : "",
    late: late ? phrase("booking-late", { minutes: minutes(nowMs - slotMs) }) : "",
    from: nowMs < opensMs ? phrase("booking-from", { time: clock(opensMs, state.time_zone) }) : "",
  });
  row.querySelector("[data-check-in]").disabled = nowMs < opensMs;
}

function choice({ id, code }, index) {
  const button = CHOICE.content.firstElementChild.cloneNode(true);
  button.value = id;
  if (index < DIGITS) button.dataset.digit = index + 1;
  fill(button, { code, digit: index < DIGITS ? String(index + 1) : "" });
  return button;
}

/** null, and said so, where nobody answered. */
async function expectedToday() {
  try {
    const answer = await fetch(`${api}/bookings`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (answer.ok) return (await answer.json()).bookings;
    if (answer.status === UNAUTHENTICATED) logIn();
  } catch {
    /* Said below. */
  }
  tell(phrase("problem-unreachable"));
  return null;
}
