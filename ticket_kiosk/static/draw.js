// Draws one ticket, however often it has to ask: every attempt carries the same Idempotency-Key.

const ATTEMPT_MS = 8_000;
const PAUSE_LEAST_MS = 500;
const PAUSE_MOST_MS = 5_000;
const GIVE_UP_MS = 120_000;
const KEY_BYTES = 16;

/** crypto.randomUUID needs HTTPS; a kiosk on the house's network may have none. */
export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** {ticket}, or {refusal} with the problem's code; `onTrouble` is told of every attempt that failed on the way. */
export async function draw(url, service, key, onTrouble) {
  const givesUp = performance.now() + GIVE_UP_MS;
  for (let attempt = 0; performance.now() < givesUp; attempt++) {
    const answer = await ask(url, service, key);
    if (answer) return answer;
    onTrouble();
    await pause(Math.min(PAUSE_MOST_MS, PAUSE_LEAST_MS * 2 ** attempt));
  }
  return { refusal: { code: "other" } };
}

async function ask(url, service, key) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": key },
      body: JSON.stringify({ service }),
      signal: AbortSignal.timeout(ATTEMPT_MS),
    });
    if (response.ok) return { ticket: await response.json() };
    const maybeLater = response.status >= 500 || response.status === 429;
    return maybeLater ? null : { refusal: await response.json() };
  } catch {
    return null;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
