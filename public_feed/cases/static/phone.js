// "Tell this phone when there is news": nothing is kept here. The page says by fingerprints which phones are told.

import { phrase } from "../web/js/ranges.js";
import { CAN, endpoint, IS_APPLE, subscribed, tell } from "../web/js/subscription.js";

const FINGERPRINT_BYTES = 8;

export async function offer(page) {
  const box = page.querySelector("[data-phone]");
  if (!box) return;
  page.querySelector("[data-phone-home]").hidden = CAN || !IS_APPLE;
  if (CAN) await new Offer(box).begin();
}

class Offer {
  constructor(box) {
    this.box = box;
    this.path = box.dataset.phone;
    this.said = box.querySelector("[data-phone-said]");
    this.on = box.querySelector("[data-phone-begin]");
    this.off = box.querySelector("[data-phone-end]");
    this.on.addEventListener("click", () => this.locked(() => this.start()));
    this.off.addEventListener("click", () => this.locked(() => this.stop()));
  }

  async begin() {
    this.box.hidden = false;
    const there = await endpoint();
    if (there) this.show(this.box.dataset.phones.split(" ").includes(await fingerprint(there)));
  }

  show(isTold, word = isTold ? "phone-told" : "") {
    this.on.hidden = isTold;
    this.off.hidden = !isTold;
    this.said.textContent = word && phrase(word);
  }

  async locked(act) {
    this.on.disabled = this.off.disabled = true;
    try {
      await act();
    } catch {
      this.said.textContent = phrase("phone-failed");
    } finally {
      this.on.disabled = this.off.disabled = false;
    }
  }

  async start() {
    const subscription = await subscribed(this.box.dataset.key);
    if (subscription) await tell(this.path, "POST", subscription);
    this.show(Boolean(subscription), subscription ? "phone-told" : "phone-denied");
  }

  async stop() {
    const there = await endpoint();
    if (there) await tell(this.path, "DELETE", { endpoint: there });
    this.show(false, "phone-ended");
  }
}

async function fingerprint(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest, 0, FINGERPRINT_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
