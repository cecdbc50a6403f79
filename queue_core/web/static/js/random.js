// Keys nobody guesses. crypto.randomUUID would need HTTPS; a kiosk or a desk on the house's network may have none.

const BYTES = 16;

/** 128 bits in hexadecimal digits. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
