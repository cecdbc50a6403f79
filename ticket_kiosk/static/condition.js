// What this terminal can do now, and so which screen is seen.

import { SCREENS as LISTS } from "./choices.js";

/** Whoever has begun there gets to the end; staff get out again. */
const STAYS = new Set(["pin", "settings", "drawing", "ticket", "came", "refused"]);
const LEADS_TO_A_DRAW = new Set([...LISTS, "confirm", "code"]);

export class Condition {
  constructor({ zones, agent, visit, service }) {
    Object.assign(this, { zones, agent, visit, service });
  }

  /** live; without (numbers, but no waits); away (no numbers, or nobody who gives some). */
  get health() {
    const { agent } = this;
    if (agent.isHere && agent.isServerAway) return agent.hasNumbers ? "without" : "away";
    if (this.#isHearingServer()) return "live";
    return agent.isHere && agent.hasNumbers ? "without" : "away";
  }

  /** The visit's, or what stands instead where nobody can draw. */
  get screen() {
    const { screen } = this.visit;
    if (this.service.isOut && !STAYS.has(screen)) return "closed";
    return LEADS_TO_A_DRAW.has(screen) && this.health === "away" ? "away" : screen;
  }

  #isHearingServer() {
    return this.zones.health === "live" && (this.agent.isHere || navigator.onLine);
  }
}
