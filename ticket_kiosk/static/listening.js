// What a screen says, to the ear: its text from top to bottom, then what can be chosen. Another screen ends the speech.
// Event: `change`.

import { phrase } from "../web/js/ranges.js";
import { speechUrl } from "../web/js/speech.js";
import { seenButtons } from "./keypad.js";

const TEXT_MOST = 280;
const VOLUME_STEP = 20;
const VOLUME_FIRST = 60;
const READ = "h1, h2, p, li, dt, dd, label";
const UNSAID = "[aria-hidden=true], .kiosk-head, .kiosk-legend, [data-countdown]";
const UNLISTED = ".kiosk-languages, .kiosk-tools, .kiosk-small, [data-letters], .kiosk-pad";

export class Listening extends EventTarget {
  #root;
  #audio = new Audio();
  #queue = [];
  #hasFailed = false;
  #isHeard = false;
  on = false;
  volume = VOLUME_FIRST;

  constructor(root) {
    super();
    this.#root = root;
    this.#audio.addEventListener("ended", () => this.#next());
    this.#audio.addEventListener("playing", () => (this.#isHeard = true));
    this.#audio.addEventListener("error", () => this.#missed());
  }

  /** Whether a page of this kiosk can be heard: "running", "suspended" (the browser forbids it), "none". */
  get audio() {
    if (!("speaks" in this.#root.dataset)) return "none";
    return this.#hasFailed ? "suspended" : "running";
  }

  toggle() {
    if (this.on) this.end();
    else this.#set(true);
    this.screen();
  }

  end() {
    this.#stop();
    this.#set(false);
  }

  louder(by = 1) {
    this.loud(this.volume + by * VOLUME_STEP);
  }

  loud(percent) {
    this.volume = Math.min(100, Math.max(0, percent));
    this.#audio.volume = this.volume / 100;
    this.dispatchEvent(new Event("change"));
  }

  /** Says all of what is seen now. */
  screen() {
    this.#stop();
    if (this.on) this.#say([...texts(this.#root), ...seenButtons(this.#root).filter(isListed).map(named)]);
  }

  button(button) {
    this.#stop();
    if (this.on && button) this.#say([named(button)]);
  }

  text(text) {
    if (this.on) this.#say([text]);
  }

  #set(on) {
    this.on = on;
    this.dispatchEvent(new Event("change"));
  }

  #say(said) {
    const isSilent = this.#queue.length === 0 && this.#audio.paused;
    this.#queue.push(...said.flatMap(split));
    if (isSilent) this.#next();
  }

  #next() {
    const text = this.#queue.shift();
    if (!text) return;
    this.#audio.src = speechUrl(document.documentElement.lang, text);
    this.#audio.volume = this.volume / 100;
    this.#audio.play().then(
      () => (this.#hasFailed = false),
      ({ name }) => name === "NotAllowedError" && this.#failed(),
    );
  }

  /** One sentence that cannot be had, as in an outage, is left out; whoever heard nothing yet never will. */
  #missed() {
    if (!this.#audio.hasAttribute("src")) return;
    if (!this.#isHeard) this.#failed();
    else if (this.#queue.length) this.#next();
    else this.#stop();
  }

  #failed() {
    this.#hasFailed = true;
    this.end();
  }

  #stop() {
    this.#queue = [];
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }
}

function texts(root) {
  return [...root.querySelectorAll(READ)]
    .filter((element) => element.checkVisibility() && !element.closest(UNSAID) && !element.closest("button"))
    .map(spoken)
    .filter(Boolean);
}

/** Numbers are said character by character; parts that stand apart are said apart. */
function spoken(element) {
  const parts = [...element.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent.trim();
    if (node.nodeType !== Node.ELEMENT_NODE || node.hidden || node.getAttribute("aria-hidden") === "true") return "";
    return "spelled" in node.dataset ? [...node.textContent].join(" ") : spoken(node);
  });
  return parts.filter(Boolean).join(", ");
}

function named(button) {
  const text = button.getAttribute("aria-label") ?? spoken(button);
  const key = button.dataset.key ?? button.dataset.digitKey;
  return key ? phrase("choice", { key, text }) : text;
}

const isListed = (button) => !button.closest(UNLISTED);

/** Into pieces that the server says, at the ends of sentences where there are any. */
function split(text) {
  const pieces = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (rest.length > TEXT_MOST) {
    const at = Math.max(rest.lastIndexOf(". ", TEXT_MOST) + 1, 0) || Math.max(rest.lastIndexOf(" ", TEXT_MOST), 0) || TEXT_MOST;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at).trim();
  }
  return rest ? [...pieces, rest] : pieces;
}
