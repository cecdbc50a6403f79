// Messages to this phone by its browser's push service: asked for by a tap, ended by a tap, forgotten with the ticket.

import { phrase } from "../web/js/ranges.js";
import { CAN, endpoint, IS_APPLE, subscribed, tell } from "../web/js/subscription.js";
import { keep, kept } from "./keep.js";

const MARK = "phone";

export class Phone {
  constructor(box, home, path) {
    Object.assign(this, { box, path });
    if (!box) return;
    home.hidden = CAN || !IS_APPLE;
    if (!CAN) return;
    box.hidden = false;
    this.said = box.querySelector("[data-phone-said]");
    this.begin = box.querySelector("[data-phone-begin]");
    this.end = box.querySelector("[data-phone-end]");
    this.begin.addEventListener("click", () => this.locked(() => this.start()));
    this.end.addEventListener("click", () => this.locked(() => this.stop()));
    kept(path, MARK).then((isTold) => this.show(Boolean(isTold)));
  }

  show(isTold, word = isTold ? "phone-told" : "") {
    this.begin.hidden = isTold;
    this.end.hidden = !isTold;
    this.said.textContent = word && phrase(word);
  }

  async locked(act) {
    this.begin.disabled = this.end.disabled = true;
    try {
      await act();
    } catch {
      this.said.textContent = phrase("phone-failed");
    } finally {
      this.begin.disabled = this.end.disabled = false;
    }
  }

  async start() {
    const subscription = await subscribed(this.box.dataset.key);
    if (!subscription) {
      this.show(false, "phone-denied");
      return;
    }
    await tell(this.path, "POST", subscription);
    await keep(this.path, MARK, true);
    this.show(true);
  }

  async stop() {
    const there = await endpoint();
    if (there) await tell(this.path, "DELETE", { endpoint: there });
    await keep(this.path, MARK, false);
    this.show(false, "phone-ended");
  }
}
