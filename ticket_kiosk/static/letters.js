// The keys on the screen, for codes and for the PIN.

import { Paged } from "./paging.js";

const LEAST_MM = 21;
const CODE_MOST = 40;

export class Letters extends Paged {
  #root;

  constructor(root) {
    super();
    this.#root = root;
  }

  render() {
    const frame = this.#root.querySelector("[data-letters]");
    const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
    const columns = Math.max(3, Math.min(10, Math.floor(frame.clientWidth / (LEAST_MM * mm))));
    const more = this.#root.querySelector('[data-do="more-letters"]');
    const keys = [...frame.querySelectorAll("[data-choice]")];
    this.paging.layOut(frame, keys, (isNeeded) => (more.hidden = !isNeeded), { columns: [columns, columns], most: () => Infinity });
  }

  get #field() {
    return this.#root.querySelector("[data-typed]");
  }

  add(letter) {
    if (this.#field.value.length < CODE_MOST) this.#field.value += letter.toUpperCase();
  }

  addDigit(digit) {
    this.#root.querySelector("[data-pin]").value += digit;
  }

  erase() {
    this.#field.value = this.#field.value.slice(0, -1);
  }

  clear() {
    this.#field.value = "";
  }

  /** What was typed; the field is empty then. */
  take() {
    const { value } = this.#field;
    this.clear();
    return value.trim();
  }
}
