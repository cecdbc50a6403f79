// What one visitor does at the kiosk: the screen, and all that belongs to it. The next visitor gets a new one, so that
// nothing is left. Events: `screen` (another one is seen), `change`.

const fresh = () => ({
  screen: "start",
  before: "start",
  zone: null,
  topic: null,
  chosen: [],
  ticket: null,
  paper: null,
  refusal: null,
  came: null,
  mistake: "",
  trouble: false,
  settings: null,
});

/** One step back from here is the end of the visit. */
const LAST = new Set(["came", "refused", "pin", "settings", "ticket"]);

export class Visit extends EventTarget {
  #count = 0;

  constructor() {
    super();
    Object.assign(this, fresh());
  }

  /** Names this visitor: whoever waited for an answer compares whether it still is the same one. */
  get visitor() {
    return this.#count;
  }

  go(screen, changes = {}) {
    Object.assign(this, changes, { before: this.screen, screen });
    this.dispatchEvent(new Event("screen"));
  }

  change(changes) {
    Object.assign(this, changes);
    this.dispatchEvent(new Event("change"));
  }

  /** Another visitor. */
  end() {
    this.#count++;
    Object.assign(this, fresh());
    this.dispatchEvent(new Event("end"));
    this.dispatchEvent(new Event("screen"));
  }

  /** One step back; false where there is none, or where one would lose a number that is being drawn. */
  back() {
    if (this.screen === "several") this.go("start", { chosen: [] });
    else if (this.screen === "confirm") this.#backFromConfirm();
    else if (this.screen === "languages" || this.screen === "aids") this.go(this.before);
    else if (this.screen === "topic" || this.screen === "code") this.go("start", { topic: null });
    else if (LAST.has(this.screen)) this.end();
    else return false;
    return true;
  }

  #backFromConfirm() {
    if (this.chosen.length > 1) this.go("several");
    else this.go(this.topic ? "topic" : "start", { chosen: [] });
  }
}
