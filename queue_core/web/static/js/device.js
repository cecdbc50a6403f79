/*
 * What a device's page says of itself, and what it is told to do: docs/devices.md. One report every few seconds, at once
 * when a fact has changed. Events: `command` with {name, value} for each command, `answer` with what else the server
 * told, `refused` with {status} when the server does not know this browser as the device. No words, no DOM.
 */

const EVERY_S = 5;
const REFUSED_EVERY_S = 30;
/* Facts that change in a bunch are told together. */
const GATHER_MS = 150;
const ANSWER_WITHIN_MS = 4_000;
const REMEMBERED_MOST = 100;
const REFUSED = new Set([401, 403, 404]);

export class Device extends EventTarget {
  #url;
  #facts = {};
  #done;
  #known;
  #timer = 0;
  #dueMs = Infinity;
  #isAsking = false;
  #isStopped = false;

  /** `url`: where reports go. */
  constructor(url) {
    super();
    this.#url = url;
    this.#done = new Memory(`wartezone-done ${url}`);
    this.#known = new Memory(`wartezone-known ${url}`);
  }

  /** Reads `data-device`; begins to report. Without that address it is a device that nobody hears. */
  static of(element) {
    const device = new Device(element.dataset.device);
    if (element.dataset.device) device.#within(GATHER_MS);
    else device.stop();
    return device;
  }

  /** Adds these facts to what is reported, sooner where one of them is new. */
  tell(facts) {
    const before = JSON.stringify(this.#facts);
    this.#facts = { ...this.#facts, ...facts };
    if (JSON.stringify(this.#facts) !== before) this.#within(GATHER_MS);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** The next report is no later than this. */
  #within(ms) {
    const dueMs = performance.now() + ms;
    if (this.#isStopped || dueMs >= this.#dueMs) return;
    this.#dueMs = dueMs;
    clearTimeout(this.#timer);
    if (!this.#isAsking) this.#timer = setTimeout(() => this.#report(), ms);
  }

  async #report() {
    this.#dueMs = Infinity;
    this.#isAsking = true;
    const everyS = await this.#exchange();
    this.#isAsking = false;
    const earlierMs = this.#dueMs - performance.now();
    this.#dueMs = Infinity;
    this.#within(Math.max(0, Math.min(1000 * everyS, earlierMs)));
  }

  /** How long until the next report, in seconds. */
  async #exchange() {
    const done = this.#done.all();
    const answer = await this.#send(done);
    if (!answer) return EVERY_S;
    if (!answer.ok) {
      if (REFUSED.has(answer.status)) this.#say("refused", { status: answer.status });
      return REFUSED.has(answer.status) ? REFUSED_EVERY_S : EVERY_S;
    }
    this.#done.forget(done);
    const { commands, every_s: everyS } = answer.told;
    for (const command of commands) this.#obey(command);
    this.#say("answer", answer.told);
    return commands.length ? 0 : everyS;
  }

  /** Whoever executes may leave the page: what is done is remembered before, and told by the page that comes next. */
  #obey({ id, name, value }) {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    this.#done.add(id);
    this.#say("command", { name, value });
  }

  async #send(done) {
    const facts = { ...this.#facts, clock_ms: Date.now() };
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ build: document.documentElement.dataset.build ?? "", facts, done }),
        keepalive: true,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      return { ok: response.ok, status: response.status, told: response.ok ? await response.json() : null };
    } catch {
      return null;
    }
  }

  #say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** A short list of ids that outlives a reload, where the browser lets us. */
class Memory {
  #name;
  #ids;

  constructor(name) {
    this.#name = name;
    this.#ids = this.#read();
  }

  all = () => [...this.#ids];
  has = (id) => this.#ids.includes(id);

  add(id) {
    this.#keep([...this.#ids, id].slice(-REMEMBERED_MOST));
  }

  forget(ids) {
    this.#keep(this.#ids.filter((id) => !ids.includes(id)));
  }

  #keep(ids) {
    this.#ids = ids;
    try {
      sessionStorage.setItem(this.#name, JSON.stringify(ids));
    } catch {
      /* A browser that keeps nothing remembers as long as the page lives. */
    }
  }

  #read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#name)) ?? [];
    } catch {
      return [];
    }
  }
}
