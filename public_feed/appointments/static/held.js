// The time that is left to confirm, seen by the second and said once.

import { ticking } from "../web/js/duration.js";

const SAID_BEFORE_MS = 120_000;
const page = document.querySelector("[data-held]");
const part = (name) => page.querySelector(`[data-${name}]`);
const endsAtMs = performance.now() + Number(page.dataset.leftMs);
let said = Number(page.dataset.leftMs) <= SAID_BEFORE_MS;

function tick() {
  const leftMs = endsAtMs - performance.now();
  part("left").textContent = ticking(leftMs);
  part("left").hidden = part("while").hidden = leftMs <= 0;
  part("lapsed").hidden = leftMs > 0;
  if (said || leftMs > SAID_BEFORE_MS) return;
  said = true;
  part("spoken").textContent = document.querySelector('[data-phrase="two-minutes"]').content.textContent;
}

document.addEventListener("visibilitychange", tick);
setInterval(tick, 1000);
tick();
