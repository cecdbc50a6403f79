// The settings of this terminal, as the person who came with the PIN sees them.

import { phrase, write } from "../web/js/ranges.js";
import { knock } from "./door.js";
import { fields } from "./ticket.js";

/** The phrase of what went well. */
const DONE = "test-sent";

export class Settings {
  #pin = "";

  constructor(root, visit, { condition, agent, listening, service }) {
    Object.assign(this, { root, visit, condition, agent, listening, service });
  }

  get url() {
    return this.root.dataset.settings;
  }

  open() {
    if (this.url && this.visit.screen !== "drawing") this.visit.go("pin", { mistake: "" });
  }

  async knock() {
    const field = this.root.querySelector("[data-pin]");
    const pin = field.value;
    field.value = "";
    const { known, mistake } = await knock(this.url, pin);
    if (this.visit.screen !== "pin") return;
    if (mistake) return this.visit.change({ mistake });
    this.#pin = pin;
    this.service.learn(known.out_of_service);
    this.visit.go("settings", { settings: known, mistake: "" });
  }

  async testPrint() {
    const { mistake } = await knock(this.url, this.#pin, "printer_test");
    if (this.visit.screen === "settings") this.visit.change({ mistake: mistake ?? DONE });
  }

  /** It is the server that takes this terminal out of service, and puts it back. */
  async turnOutOfService() {
    const { known, mistake } = await knock(this.url, this.#pin, this.service.isOut ? "in_service" : "out_of_service");
    this.service.learn(known?.out_of_service);
    if (this.visit.screen === "settings") this.visit.change({ mistake: mistake ?? "" });
  }

  /** With the screen. */
  forget() {
    this.#pin = "";
  }

  render() {
    if (!this.url) return;
    const { screen, settings, mistake } = this.visit;
    if (screen === "pin") write(fields(this.root, "pin")("mistake"), mistake ? phrase(mistake) : "");
    if (screen !== "settings") return;
    const on = fields(this.root, "settings");
    for (const name of ["kiosk", "device", "build"]) write(on(name), settings[name]);
    write(on("connection"), phrase(this.condition.health === "live" ? "connection-live" : "connection-away"));
    write(on("printer"), phrase(`printer-${this.agent.printer}`));
    write(on("audio"), phrase(`audio-${this.listening.audio}`));
    write(on("volume"), `${this.listening.volume} %`);
    write(on("done"), mistake ? phrase(mistake) : "");
    on("done").toggleAttribute("data-good", mistake === DONE);
  }
}
