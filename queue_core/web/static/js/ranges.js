// How a wait is told: the rules of queue_core/domain/telling.py and queue_core/web/wording.py, for live updates. Words stand in the page, as
// <template data-phrase="name"> (with data-plural="one|other|..." where a number n decides): _phrases.html. This file
// chooses and fills.

const MINUTE_MS = 60_000;
const STEP_MIN = 5;
const LONG_STEP_MIN = 15;
const LONG_MIN = 60;
const WIDEST_MIN = 60;
const STEP_MS = STEP_MIN * MINUTE_MS;
const REASONS = new Set(["no_counter_open", "service_closed", "outside_hours"]);
const USUAL_METHOD = "simulation";
const STATES = { stopped: "service_closed", full: "full" };

const stepOf = (minutes) => (minutes > LONG_MIN ? LONG_STEP_MIN : STEP_MIN);
const down = (minutes) => Math.floor(minutes / stepOf(minutes)) * stepOf(minutes);
const up = (minutes) => Math.ceil(minutes / stepOf(minutes)) * stepOf(minutes);
const telling = (told, low = 0, high = 0, from_ms = 0, to_ms = 0, not_before_ms = 0) => ({
  told,
  low,
  high,
  from_ms,
  to_ms,
  not_before_ms,
});

/** `wait` is {p10_s, p90_s} from now on, or null for `reason`. Minutes and times of what is to be told. */
export function tell(wait, nowMs, reason = null, notBeforeMs = 0) {
  const firstMs = notBeforeMs > nowMs ? notBeforeMs : 0;
  if (!wait) return telling(REASONS.has(reason) ? reason : "unknown", 0, 0, 0, 0, firstMs);
  if (firstMs) return called(nowMs + 1000 * wait.p10_s, nowMs + 1000 * wait.p90_s, nowMs, firstMs);
  return range(wait.p10_s / 60, wait.p90_s / 60, nowMs);
}

/** `firstMs` is when the call may come at all. */
function called(p10Ms, p90Ms, nowMs, firstMs) {
  const fromMs = Math.max(firstMs, Math.floor(p10Ms / STEP_MS) * STEP_MS);
  const toMs = Math.max(Math.ceil(p90Ms / STEP_MS) * STEP_MS, fromMs + STEP_MS);
  const low = Math.floor((fromMs - nowMs) / MINUTE_MS);
  const high = Math.ceil((toMs - nowMs) / MINUTE_MS);
  if (toMs - fromMs <= WIDEST_MIN * MINUTE_MS) return telling("called", low, high, fromMs, toMs, firstMs);
  if (fromMs === firstMs) return telling("not_before", low, 0, 0, 0, firstMs);
  return telling("called_after", low, 0, fromMs, 0, firstMs);
}

/** Minutes from now on. */
function range(p10, p90, nowMs) {
  const low = down(p10);
  const widest = up(p90);
  const high = Math.max(widest, low + stepOf(low));
  if (widest <= STEP_MIN) return telling("soon", 0, STEP_MIN);
  if (low === 0) return telling("up_to", 0, widest);
  if (widest - low > WIDEST_MIN) return telling("more_than", low);
  if (high <= LONG_MIN) return telling("between", low, high);
  const fromMs = Math.floor((nowMs + low * MINUTE_MS) / STEP_MS) * STEP_MS;
  const toMs = Math.ceil((nowMs + high * MINUTE_MS) / STEP_MS) * STEP_MS;
  return telling("between_times", low, high, fromMs, toMs);
}

/** What a newcomer should know first, of a service of the views `waits` and `public`. */
export function tellService(service, nowMs) {
  if (service.state === "closed") return service.opens_ms ? telling("opens", 0, 0, service.opens_ms) : telling("outside_hours");
  return STATES[service.state] ? telling(STATES[service.state]) : tell(service.wait, nowMs, service.reason);
}

/** Whether the wait may last longer than the service is open. */
export function closesBefore(service, nowMs) {
  const { open, wait, closes_ms: closesMs } = service;
  return Boolean(open && wait && closesMs) && nowMs + 1000 * wait.p90_s > closesMs;
}

/** Of a whole zone: {state, closes_ms, opens_ms}. */
export function openness(services) {
  const within = services.filter((service) => service.open).map((service) => service.closes_ms);
  if (within.length) return { state: "open", closes_ms: within.includes(null) ? null : Math.max(...within), opens_ms: null };
  if (services.some((service) => STATES[service.state])) return { state: "stopped", closes_ms: null, opens_ms: null };
  const opens = services.map((service) => service.opens_ms).filter(Boolean);
  return { state: "closed", closes_ms: null, opens_ms: opens.length ? Math.min(...opens) : null };
}

/** The page's phrase of that name, filled; with a number `n` among the values, its plural form. */
export function phrase(name, values = {}) {
  const of = (plural) => document.querySelector(`template[data-phrase="${name}"]${plural}`);
  const category = "n" in values ? new Intl.PluralRules(language()).select(values.n) : null;
  const template = category ? (of(`[data-plural="${category}"]`) ?? of('[data-plural="other"]')) : of("");
  return template ? template.content.textContent.trim().replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole) : "";
}

/** n counted things; none of them has a sentence of its own. */
export const sayCount = (name, n) => (n ? phrase(name, { n }) : phrase(`${name}-none`));

/** People before whoever comes now, where the estimate knows; else how many wait for the service. */
export const sayQueue = (service) =>
  service.ahead == null ? sayCount("waiting", service.waiting) : sayCount("ahead", service.ahead);

/** How many are open, or nothing where sayService has said already that none is. */
export const sayCounters = (service, nowMs) =>
  tellService(service, nowMs).told === "no_counter_open" ? "" : sayCount("counters", service.counters_open);

/** Whether the call cannot come yet: what is told of it is a time then, not a wait. */
export const isHeldBack = ({ not_before_ms: notBeforeMs }, nowMs) => notBeforeMs > nowMs;

/** Of a waiting ticket; nothing where nobody knows. Who may not be called yet is not next, nor who has not yet said
 * that they have come. */
export function sayPosition(ticket, nowMs) {
  const { ahead } = ticket;
  if (ahead == null) return "";
  if (ahead > 0 || isHeldBack(ticket, nowMs)) return sayCount("ahead", ahead);
  return phrase(ticket.confirm_by_ms ? "next-unconfirmed" : "next");
}

/** Why the call comes later than was announced, or nothing. */
export const sayLater = ({ later }) => (later ? phrase(`later-${later}`) : "");

/** By which method waits are estimated, for staff; nothing where there is nothing to estimate. */
export const sayMethod = ({ estimates }) => (estimates?.method === null ? "" : phrase(`method-${estimates?.method ?? "none"}`));

/** Whether staff should know: estimates are old, or not by the usual method. */
export const isMakeshift = ({ estimates }) => estimates?.method !== null && estimates?.method !== USUAL_METHOD;

/** The sentence of a telling; times of day are the zone's. */
export function say(t, nowMs, timeZone) {
  const times = t.told === "opens" ? { time: moment(t.from_ms, nowMs, timeZone) } : {};
  if (t.from_ms) times.from = clock(t.from_ms, timeZone);
  if (t.to_ms) times.to = clock(t.to_ms, timeZone);
  if (t.not_before_ms) times.time = moment(t.not_before_ms, nowMs, timeZone);
  const first = t.not_before_ms ? phrase("wait-not_before", times) : "";
  if (first && (t.told === "not_before" || t.told === "unknown")) return first;
  const wait = phrase(`wait-${t.told}`, { low: t.low, high: t.high, ...times });
  return first ? phrase("then", { first, wait }) : wait;
}

/** Of a ticket or service with `wait` and `reason`; of one with `not_before_ms` ahead, that first. */
export const sayWait = (record, nowMs, timeZone) =>
  say(tell(record.wait, nowMs, record.reason, record.not_before_ms), nowMs, timeZone);
export const sayService = (service, nowMs, timeZone) => say(tellService(service, nowMs), nowMs, timeZone);

/** The warning that the wait may outlast the opening hours, or nothing. */
export function sayClosing(service, nowMs, timeZone) {
  return closesBefore(service, nowMs) ? phrase("closing", { time: clock(service.closes_ms, timeZone) }) : "";
}

export function sayOpen(services, nowMs, timeZone) {
  const now = openness(services);
  if (now.closes_ms) return phrase("open_till", { time: clock(now.closes_ms, timeZone) });
  return now.opens_ms ? phrase("wait-opens", { time: moment(now.opens_ms, nowMs, timeZone) }) : phrase(now.state);
}

/** The page's language with the calendar of opening hours, the 24 hours of every clock on the wall, and the digits of
 * numbers, walls and paper. */
export const locale = () => `${language()}-u-ca-gregory-hc-h23-nu-latn`;

export function clock(ms, timeZone) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", timeZone }).format(ms);
}

/** A time of day; with the day unless that is today. */
export function moment(ms, nowMs, timeZone) {
  const day = new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "long", timeZone });
  const time = clock(ms, timeZone);
  return day.format(ms) === day.format(nowMs) ? time : `${day.format(ms)}, ${time}`;
}

/** Writes text only where it changed, so that a screen reader is not told the same twice. Empty text hides. */
export function write(element, text) {
  if (!element) return;
  if (element.textContent !== text) element.textContent = text;
  if (element.hidden !== (text === "")) element.hidden = text === "";
}

const language = () => document.documentElement.lang;
