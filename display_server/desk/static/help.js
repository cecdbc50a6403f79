// The list on "?": every key with what it does; a key is changed by pressing another one, unless that is taken.

import { phrase, write } from "../web/js/ranges.js";

export function listenToHelp(keys) {
  const list = document.querySelector("[data-keys]");
  const said = document.querySelector('[data-part="keys-said"]');
  const nameOf = (action) => list.querySelector(`[data-key-of="${action}"] [data-name]`).textContent;
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-change]");
    if (!button) return;
    const action = button.closest("[data-key-of]").dataset.keyOf;
    write(said, phrase("keys-press", { action: nameOf(action) }));
    keys.take(action, (other) => {
      const values = { action: nameOf(action), other: other && nameOf(other), key: keys.of(action).toLocaleUpperCase() };
      write(said, phrase(other ? "keys-conflict" : "keys-changed", values));
    });
  });
  document.querySelector("[data-keys-reset]").addEventListener("click", () => {
    keys.stopTaking();
    keys.reset();
    write(said, phrase("keys-reset"));
  });
  list.closest("dialog").addEventListener("close", () => {
    keys.stopTaking();
    write(said, "");
  });
}
