// One's own application: asks now and then for news, warns before the page closes and wipes it when it does.

import { offer } from "./phone.js";

const ASK_EVERY_MS = 30_000;
const WARNED_BEFORE_MS = 120_000;

const page = document.querySelector("[data-look]");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const stale = page.querySelector("[data-stale]");
const ending = page.querySelector("[data-ending]");
const spoken = page.querySelector("[data-spoken]");
const endsAtMs = performance.now() + Number(page.dataset.leftMs);
let asking = 0;

function tag() {
  return part("case").querySelector("[data-case-tag]").dataset.caseTag;
}

async function ask() {
  if (document.hidden) return;
  const address = new URL(page.dataset.now, location.href);
  address.searchParams.set("seen", tag());
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.status === 404) end();
    else if (answer.status === 200) show(await answer.text());
    stale.hidden = answer.ok || answer.status === 404;
  } catch {
    stale.hidden = false;
  }
}

function show(text) {
  part("case").replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  spoken.textContent = document.querySelector('[data-phrase="changed"]').content.textContent;
}

/** Nothing of the case is left on the screen of a device that others use. */
function end() {
  clearInterval(asking);
  for (const name of ["case", "actions", "note", "phone", "phone-home"]) part(name)?.remove();
  ending.hidden = stale.hidden = true;
  part("ended").hidden = false;
  page.dataset.ended = "";
}

function tick() {
  if ("ended" in page.dataset) return;
  const leftMs = endsAtMs - performance.now();
  ending.hidden = leftMs > WARNED_BEFORE_MS;
  if (leftMs <= 0) end();
}

const print = page.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
document.addEventListener("visibilitychange", () => {
  tick();
  if (!("ended" in page.dataset)) ask();
});
asking = setInterval(ask, ASK_EVERY_MS);
setInterval(tick, 1000);
tick();
offer(page);
