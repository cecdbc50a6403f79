// The languages of this wall, one after the other: the page's phrases lie in <template data-tongue>, and those of the
// language that is spoken now in the page itself, where ranges.js finds them.

import { phrase, write } from "../web/js/ranges.js";

export class Tongues {
  #templates = [...document.querySelectorAll("template[data-tongue]")];
  #place = document.querySelector('[data-part="phrases"]');
  #now = 0;

  get count() {
    return this.#templates.length;
  }

  /** Speaks the first language, or the one of this ordinal. */
  speak(ordinal = 0) {
    this.#now = ordinal % this.count;
    const template = this.#templates[this.#now];
    document.documentElement.lang = template.dataset.tongue;
    document.documentElement.dir = template.dataset.direction;
    this.#place.replaceChildren(template.content.cloneNode(true));
    for (const element of document.querySelectorAll("[data-say]")) sayLabel(element);
  }

  /** The same sentence in every language of the wall. */
  every(name, values) {
    const now = this.#now;
    const sentences = this.#templates.map((_, ordinal) => {
      this.speak(ordinal);
      return phrase(name, values);
    });
    this.speak(now);
    return [...new Set(sentences)];
  }
}

/** Whether a label is hidden is not the label's business. */
function sayLabel(element) {
  const { hidden } = element;
  write(element, phrase(element.dataset.say));
  element.hidden = hidden;
}
