// Single keys press the visible button of their action. They can be changed and switched off (WCAG 2.1.4); this browser
// remembers. Digits choose: among the answers of an open window, else an outcome.

import { isWindowOpen } from "./windows.js";

const KEPT_AS = "desk-keys";
const WRITING = 'input:not([type="checkbox"], [type="radio"]), select, textarea';
const DIGIT = /^[1-9]$/;
const LETTER = /^[^\s\d]$/u;

export class Keys {
  #defaults = new Map();
  #own = kept();
  #taking = null;
  #inVain;

  /** `inVain(action)` hears of a key whose button cannot be pressed now. */
  constructor(inVain) {
    this.on = true;
    this.#inVain = inVain;
    for (const row of document.querySelectorAll("[data-key-of]")) this.#defaults.set(row.dataset.keyOf, row.dataset.key);
    document.addEventListener("keydown", (event) => this.#pressed(event));
    this.show();
  }

  of(action) {
    return this.#own[action] ?? this.#defaults.get(action);
  }

  /** The next key is for this action; `done(taken)` hears whose it is already, or null. */
  take(action, done) {
    this.#taking = { action, done };
  }

  stopTaking() {
    this.#taking = null;
  }

  reset() {
    this.#own = {};
    this.#keep();
  }

  /** Writes the keys beside their buttons. */
  show() {
    for (const action of this.#defaults.keys()) {
      const key = this.of(action);
      for (const shown of document.querySelectorAll(`[data-action="${action}"] kbd, [data-key-of="${action}"] kbd`)) {
        shown.textContent = key.toLocaleUpperCase();
        shown.hidden = !this.on && !shown.closest("[data-key-of]");
      }
      for (const button of document.querySelectorAll(`[data-action="${action}"]`)) {
        if (this.on) button.setAttribute("aria-keyshortcuts", key);
        else button.removeAttribute("aria-keyshortcuts");
      }
    }
  }

  #keep() {
    localStorage.setItem(KEPT_AS, JSON.stringify(this.#own));
    this.show();
  }

  #pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (this.#taking) return this.#taken(event);
    if (!this.on || event.target.closest?.(WRITING)) return;
    const button = DIGIT.test(event.key) ? choice(event.key) : !isWindowOpen() && this.#buttonOf(event.key.toLocaleLowerCase());
    if (!button || button.disabled || button.closest("[hidden]")) return this.#tellInVain(event);
    event.preventDefault();
    button.click();
  }

  #tellInVain({ key }) {
    const action = this.#actionOf(key.toLocaleLowerCase());
    if (action && !isWindowOpen()) this.#inVain(action);
  }

  #actionOf(key) {
    return [...this.#defaults.keys()].find((name) => this.of(name) === key);
  }

  #buttonOf(key) {
    const action = this.#actionOf(key);
    return action && [...document.querySelectorAll(`[data-action="${action}"]`)].find((button) => !button.closest("[hidden]"));
  }

  #taken(event) {
    const key = event.key.toLocaleLowerCase();
    if (!LETTER.test(key)) return;
    event.preventDefault();
    event.stopPropagation();
    const { action, done } = this.#taking;
    const other = [...this.#defaults.keys()].find((name) => name !== action && this.of(name) === key) ?? null;
    if (!other) {
      this.#taking = null;
      this.#own[action] = key;
      this.#keep();
    }
    done(other);
  }
}

function choice(digit) {
  const within = document.querySelector("dialog[open]") ?? document;
  return [...within.querySelectorAll(`[data-digit="${digit}"]`)].find((button) => within !== document || !button.closest("dialog"));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) ?? {};
  } catch {
    return {};
  }
}
