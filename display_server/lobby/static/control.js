// What staff tell this screen from the device page, and what it tells them.

import { Device } from "../web/js/device.js";
import { loadAnew } from "./health.js";
import { part, show } from "./part.js";

export class Control {
  #device;
  #identified = 0;

  constructor(page, facts, { voice, night, notices }) {
    const orders = {
      reload: () => loadAnew(0),
      volume: (percent) => this.#volume(voice, percent),
      test_tone: () => voice.testTone(),
      message: (text) => notices.say(text ?? ""),
      blank: (isDark) => night.want(Boolean(isDark)),
      identify: () => this.#identify(facts.identify_ms),
    };
    this.#device = Device.of(page);
    this.#device.addEventListener("command", ({ detail: { name, value } }) => orders[name]?.(value));
  }

  tell(facts) {
    this.#device.tell(facts);
  }

  #volume(voice, percent) {
    voice.setVolume(percent);
    this.tell({ volume: voice.volume });
  }

  #identify(ms) {
    show(part("identity"), true);
    clearTimeout(this.#identified);
    this.#identified = setTimeout(() => show(part("identity"), false), ms);
  }
}
