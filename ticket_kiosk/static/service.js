// Whether staff took this terminal out of service. The server knows, and tells the page with itself and with every answer
// to a report; while it is away the agent does, as it heard last. Event: `change`.

export class Service extends EventTarget {
  /** `root`: what the page said when it was loaded; a copy of it may be older than the agent's word. */
  constructor(root, agent) {
    super();
    this.isOut = "outOfService" in root.dataset;
    agent.addEventListener("change", () => agent.isServerAway && this.learn(agent.isOutOfService));
  }

  learn(isOut) {
    if (typeof isOut !== "boolean" || isOut === this.isOut) return;
    this.isOut = isOut;
    this.dispatchEvent(new Event("change"));
  }
}
