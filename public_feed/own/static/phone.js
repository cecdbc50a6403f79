// Messages to this phone by its browser's push service: asked for by a tap, ended by a tap, forgotten with the ticket.

import { phrase } from "../web/js/ranges.js";
import { keep, kept } from "./keep.js";

const MARK = "phone";
const CAN = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const IS_APPLE = /iPhone|iPad/.test(navigator.userAgent);

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
    if ((await Notification.requestPermission()) !== "granted") {
      this.show(false, "phone-denied");
      return;
    }
    const { pushManager } = await navigator.serviceWorker.ready;
    const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.box.dataset.key });
    const { endpoint, keys } = subscription.toJSON();
    await this.tell("POST", { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } });
    await keep(this.path, MARK, true);
    this.show(true);
  }

  /** Other tickets may still tell this phone: the browser's subscription stays. */
  async stop() {
    const { pushManager } = await navigator.serviceWorker.ready;
    const endpoint = (await pushManager.getSubscription())?.endpoint;
    if (endpoint) await this.tell("DELETE", { endpoint });
    await keep(this.path, MARK, false);
    this.show(false, "phone-ended");
  }

  async tell(method, body) {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${this.path}/push${this.query}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(String(answer.status));
  }

  get query() {
    return `?lang=${encodeURIComponent(document.documentElement.lang)}`;
  }
}
