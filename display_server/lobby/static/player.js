// Pictures, films and pages between calls. A call has the screen at once; what cannot be shown is skipped, told, and
// tried again later. Foreign pages stand in frames that may do nothing here, and are asked for only where configured.

import { named } from "../web/js/records.js";
import { phrase, write } from "../web/js/ranges.js";
import { part, show, template } from "./part.js";

export class Player {
  #facts;
  #onBroken;
  #next = 0;
  #brokenUntil = new Map();
  #shown = null;
  #element = null;
  #isYielding = false;
  #timers = {};

  /** @param onBroken is told the addresses that cannot be shown, whenever that changes */
  constructor(facts, onBroken) {
    this.#facts = facts;
    this.#onBroken = onBroken;
  }

  /** Begins, or goes on after a call. */
  play() {
    clearTimeout(this.#timers.resume);
    this.#isYielding = false;
    if (this.#element?.tagName === "VIDEO") {
      this.#appear();
      this.#element.play().catch(() => {});
    } else {
      this.#advance();
    }
  }

  /** Gives the screen to a call for so long. */
  yieldFor(ms) {
    if (!this.#facts.media.length) return;
    this.#isYielding = true;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    if (this.#element?.tagName === "VIDEO") this.#element.pause();
    else this.#remove();
    this.#cover();
    this.#timers.resume = setTimeout(() => this.play(), ms);
  }

  /** The words beside the medium, in the language of now. */
  render() {
    write(part("caption"), named(this.#shown?.text));
    if (this.#element?.tagName === "IFRAME") this.#element.title = named(this.#shown.text) || phrase("wall-media");
    if (this.#element?.tagName === "IMG") this.#element.alt = named(this.#shown.text);
  }

  async #advance() {
    this.#remove();
    const medium = this.#choose();
    if (!medium) {
      this.#cover("none");
      if (this.#facts.media.length) this.#timers.resume = setTimeout(() => this.play(), this.#facts.medium_again_ms);
      return;
    }
    if (medium.is_foreign && !(await this.#isThere(medium))) this.#skip(medium);
    else if (!this.#isYielding) this.#load(medium);
  }

  /** The next of the list that was not broken lately. */
  #choose() {
    const { media } = this.#facts;
    for (let tried = 0; tried < media.length; tried++) {
      const medium = media[this.#next++ % media.length];
      if ((this.#brokenUntil.get(medium.address) ?? 0) <= performance.now()) return medium;
    }
    return null;
  }

  #load(medium) {
    this.#shown = medium;
    this.#element = template(medium.kind).content.firstElementChild.cloneNode(true);
    const element = this.#element;
    const ready = medium.kind === "video" ? "playing" : "load";
    element.addEventListener(ready, () => element === this.#element && this.#ready(medium), { once: true });
    element.addEventListener("error", () => element === this.#element && this.#skip(medium));
    this.#timers.loading = setTimeout(() => this.#skip(medium), this.#facts.medium_within_ms);
    element.classList.add("lobby__medium--loading");
    part("stage").append(element);
    element.src = medium.address;
    if (medium.kind === "video") this.#run(element);
  }

  #run(video) {
    video.muted = true;
    video.addEventListener("ended", () => video === this.#element && this.#advance());
    video.play().catch(() => {}); // one that cannot be played says so by `error`, or never begins
  }

  #ready(medium) {
    clearTimeout(this.#timers.loading);
    if (this.#brokenUntil.delete(medium.address)) this.#tell();
    this.#element.classList.remove("lobby__medium--loading");
    this.render();
    if (!this.#isYielding) this.#appear();
    if (medium.kind !== "video") this.#timers.end = setTimeout(() => this.#advance(), medium.ms);
  }

  #skip(medium) {
    clearTimeout(this.#timers.loading);
    this.#brokenUntil.set(medium.address, performance.now() + this.#facts.medium_again_ms);
    this.#tell();
    if (this.#isYielding) this.#remove();
    else this.#advance();
  }

  /** A foreign page that cannot be reached would show a browser's error. */
  async #isThere({ address }) {
    const signal = AbortSignal.timeout(this.#facts.medium_within_ms);
    return fetch(address, { mode: "no-cors", credentials: "omit", cache: "no-store", signal }).then(
      () => true,
      () => false,
    );
  }

  #tell() {
    this.#onBroken([...this.#brokenUntil.keys()]);
  }

  #remove() {
    clearTimeout(this.#timers.end);
    clearTimeout(this.#timers.loading);
    this.#element?.remove();
    this.#element = this.#shown = null;
  }

  #appear() {
    show(part("media"), true);
    this.#set("shown");
  }

  #cover(how = "covered") {
    show(part("media"), false);
    this.#set(how);
  }

  #set(how) {
    if (part("body").dataset.media === how) return;
    part("body").dataset.media = how;
    dispatchEvent(new Event("resize")); // the rest of the wall has more room, or less
  }
}
