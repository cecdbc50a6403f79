// A day's appointments as they are now: the server renders them, this page looks again whenever the zone has moved.

import { Stream } from "../web/js/stream.js";

const PAUSE_MS = 1_000;
/* What is late or over becomes so without an event. */
const MINUTE_MS = 60_000;
const NO_CREDENTIAL = 4401;

const section = document.querySelector("[data-stream]");
const offline = document.querySelector('[data-part="offline"]');
const stream = Stream.of(section);
let wanted = false;
let looking = false;

stream.addEventListener("state", ask);
stream.addEventListener("health", ({ detail: { health } }) => (offline.hidden = health === "live"));
stream.addEventListener("upgrade", ask);
stream.addEventListener("refused", ({ detail: { code } }) => code === NO_CREDENTIAL && logIn());
document.addEventListener("visibilitychange", () => wanted && ask());
setInterval(ask, MINUTE_MS);
stream.open();

function ask() {
  wanted = true;
  if (!looking && !document.hidden) look();
}

/** One look at a time; what moves meanwhile is seen by the next. */
async function look() {
  looking = true;
  wanted = false;
  const answer = await fetch(address()).catch(() => null);
  if (answer?.redirected) logIn();
  else if (answer?.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  setTimeout(() => {
    looking = false;
    if (wanted) ask();
  }, PAUSE_MS);
}

/** A page that answers a form has another address than the day that it shows. */
function address() {
  const url = new URL(location.href);
  url.pathname = section.dataset.page;
  url.searchParams.set("day", section.dataset.day);
  return url;
}

function logIn() {
  location.assign(`${section.dataset.login}?next=${encodeURIComponent(section.dataset.page)}`);
}

/** Whoever goes through it by keys stays where they were. */
function show(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    if (!now || alike(part, now) || focused?.matches("button, input")) continue;
    part.replaceChildren(...now.childNodes);
    const href = focused?.getAttribute("href");
    if (href) part.querySelector(`[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
  }
}

/** Each rendering has its own keys of forms. */
function alike(part, now) {
  return without(part) === without(now);
}

function without(part) {
  const copy = part.cloneNode(true);
  for (const key of copy.querySelectorAll('[name="key"]')) key.remove();
  return copy.innerHTML;
}
