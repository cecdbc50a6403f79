// What keys do: those of a keypad, of a keyboard, and a scanner's.

import { SCREENS as LISTS } from "./choices.js";
import { buttonOf, moveFocus } from "./keypad.js";
import { Keys } from "./keys.js";

const VOLUME_KEYS = { "+": 1, "-": -1 };
/** Where a code is not looked at. */
const DEAF = new Set(["drawing", "pin", "settings", "closed"]);

export class Typing {
  constructor(root, parts) {
    Object.assign(this, parts, { root });
    new Keys({
      scanned: (code) => this.#scanned(code),
      pressed: (key) => this.#pressed(key),
      moved: (by) => this.listening.button(moveFocus(root, by)),
      used: () => this.#used(),
    });
  }

  #scanned(code) {
    const { visit } = this;
    if (DEAF.has(this.condition.screen)) return;
    if (visit.screen === "ticket") visit.end();
    this.letters.clear();
    this.errands.show(code);
  }

  #used() {
    this.timeLeft.touched();
    if ("keypad" in this.root.dataset) return;
    this.root.dataset.keypad = "";
    this.screens.layOutLists();
  }

  #pressed(key) {
    const { visit, deeds } = this;
    this.door.pressed(key);
    if (key in VOLUME_KEYS) return this.listening.louder(VOLUME_KEYS[key]);
    if (key === "Enter") return this.#enter();
    if (key === "Escape" || key === "Backspace") return visit.back() || (visit.screen === "start" && visit.end());
    const button = buttonOf(this.root, key);
    if (button) deeds.press(button);
    else if (key === "*") deeds.do("listen");
    else if (key === "/" && LISTS.has(visit.screen)) deeds.do("languages");
    else if (visit.screen === "code") this.letters.add(key);
  }

  #enter() {
    if (this.visit.screen === "code") this.deeds.do("check-in");
    else if (this.visit.screen === "pin") this.deeds.do("knock");
  }
}
