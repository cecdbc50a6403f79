// A browser that is to be a device: shows its code, asks every second whether it was approved, and goes on by itself.

import { clock, phrase, write } from "./ranges.js";

const EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 4_000;
const HALF = 4;
const PAIRED = "paired";

const box = document.querySelector("[data-pairing]");
const part = (name) => box.querySelector(`[data-part="${name}"]`);

async function ask() {
  const told = await answer();
  part("away").hidden = told !== null;
  if (told?.state === PAIRED) return location.replace(box.dataset.home);
  if (told) {
    write(part("code"), `${told.code.slice(0, HALF)} ${told.code.slice(HALF)}`);
    write(part("until"), phrase("code-until", { time: clock(Date.now() + told.left_ms, box.dataset.timeZone) }));
  }
  setTimeout(ask, EVERY_MS);
}

async function answer() {
  try {
    const response = await fetch(box.dataset.pairing, { method: "POST", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

ask();
