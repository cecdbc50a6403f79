// Asks for one ticket, however often it takes: every attempt carries the same Idempotency-Key.

import { randomKey } from "../web/js/random.js";

const ATTEMPT_MS = 8_000;
const PAUSE_LEAST_MS = 500;
const PAUSE_MOST_MS = 4_000;
const GIVE_UP_MS = 20_000;
// What was asked did not arrive whole.
const NOT_ARRIVED = 408;

/** {answer}, or {problem} with its code (`away`: nobody answered). `onTrouble` is told of every attempt that failed. */
export async function ask(url, body, onTrouble) {
  const key = randomKey();
  const givesUp = performance.now() + GIVE_UP_MS;
  for (let attempt = 0; performance.now() < givesUp; attempt++) {
    const told = await once(url, body, key);
    if (told) return told;
    onTrouble();
    await pause(Math.min(PAUSE_MOST_MS, PAUSE_LEAST_MS * 2 ** attempt));
  }
  return { problem: { code: "away" } };
}

async function once(url, body, key) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    if (response.ok) return { answer: await response.json() };
    const isToBeRepeated = response.status >= 500 || response.status === NOT_ARRIVED;
    return isToBeRepeated ? null : { problem: await response.json() };
  } catch {
    return null;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
