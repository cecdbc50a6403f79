/*
 * A page's live view of a zone: connects, merges, resumes, and says when what it shows is old. docs/stream.md has the
 * frames. Events: state, event, health, upgrade, refused (see there). No words, no DOM.
 */

const PROTOCOL = "wartezone.v1";
const STALE_MS = 15_000;
const DEAD_MS = 90_000;
const RETRY_LEAST_MS = 250;
const RETRY_MOST_MS = 10_000;
/* 1012: everybody was sent away at once; 1013: this page was too slow. */
const RESTART = 1012;
const RESTART_SPREAD_MS = 5_000;
/* A server that stops says to each when to come back; docs/stream.md. */
const RETRY_TOLD = /\bretry_ms=(\d+)/;
const RETRY_TOLD_MOST_MS = 60_000;
/* A network that is back brings back all of a house's screens. */
const REVIVE_SPREAD_MS = 500;
const NEVER_AGAIN = new Set([1007, 1008, 1009, 4401, 4403]);
const NEWEST_FIRST = new Set(["calls"]);
const SORTED_BY = { tickets: ["rank_ms", "ordinal"], bookings: ["slot_ms", "id"] };

/** The state after a patch; both stay as they are. queue_core/domain/views/patch.py does the same. */
export function merge(state, patch) {
  const merged = { ...state };
  for (const [name, value] of Object.entries(patch)) {
    if (name === "gone") continue;
    merged[name] = Array.isArray(value) ? mergeRecords(name, merged[name] ?? [], value) : value;
  }
  for (const [name, ids] of Object.entries(patch.gone ?? {})) {
    merged[name] = merged[name].filter((record) => !ids.includes(record.id));
  }
  return merged;
}

function mergeRecords(section, records, changes) {
  const byId = new Map(records.map((record) => [record.id, record]));
  const fresh = changes.filter((change) => !byId.has(change.id));
  for (const change of changes) {
    if (byId.has(change.id)) byId.set(change.id, { ...byId.get(change.id), ...change });
  }
  const kept = [...byId.values()];
  const merged = NEWEST_FIRST.has(section) ? [...fresh, ...kept] : [...kept, ...fresh];
  const order = SORTED_BY[section];
  return order ? merged.sort((a, b) => compare(order, a, b)) : merged;
}

function compare(order, a, b) {
  for (const name of order) {
    const [x, y] = [a[name] ?? 0, b[name] ?? 0];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

export class Stream extends EventTarget {
  /** `token`: a string or a function (plain or async) that gives one; left out where none is needed. */
  constructor(url, { token } = {}) {
    super();
    this.url = new URL(url, location.href);
    this.token = token;
    this.state = null;
    this.position = null;
    this.health = null;
    this.build = null;
    this.clock = null;
    this.attempts = 0;
    this.link = null;
    this.heardMs = 0;
    this.toldMs = null;
    this.timers = {};
  }

  static of(element) {
    return new Stream(element.dataset.stream, { token: element.dataset.token });
  }

  open() {
    this.wanted = true;
    this.watching = new AbortController();
    const { signal } = this.watching;
    addEventListener("online", () => this.revive(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.revive(), { signal });
    this.heard();
    this.connect();
    return this;
  }

  close() {
    this.wanted = false;
    this.watching?.abort();
    Object.values(this.timers).forEach(clearTimeout);
    this.link?.close();
    this.link = null;
  }

  /** The zone's time in UTC milliseconds, which may run faster than the wall's. */
  now() {
    if (!this.clock) return Date.now();
    return this.clock.zoneMs + this.clock.rate * (performance.now() - this.clock.heardMs);
  }

  /** Tells the server that the page now shows `position`; for displays. */
  rendered() {
    if (this.position && this.link instanceof WebSocket && this.link.readyState === WebSocket.OPEN) {
      this.link.send(JSON.stringify({ type: "rendered", ...this.position }));
    }
  }

  connect() {
    const url = new URL(this.url);
    if (this.position) {
      url.searchParams.set("epoch", this.position.epoch);
      url.searchParams.set("seq", this.position.seq);
    }
    this.expect();
    if (url.pathname.endsWith("/events")) this.listen(url);
    else this.dial(url);
  }

  /** A link that brings nothing for so long, not even a heartbeat, is none. */
  expect() {
    clearTimeout(this.timers.silent);
    this.timers.silent = setTimeout(() => this.relink(), STALE_MS);
  }

  /** The network is back, or the page is looked at again after the device slept: whoever waits or hears nothing asks. */
  revive() {
    if (!this.wanted || (this.link && Date.now() - this.heardMs < STALE_MS)) return;
    this.link?.close();
    this.link = null;
    this.attempts = 0;
    this.again(Math.random() * REVIVE_SPREAD_MS);
  }

  dial(url) {
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, PROTOCOL);
    this.link = socket;
    socket.addEventListener("open", async () => {
      const token = typeof this.token === "function" ? await this.token() : this.token;
      if (token) socket.send(JSON.stringify({ type: "auth", token }));
    });
    socket.addEventListener("message", ({ data }) => this.link === socket && this.take(JSON.parse(data)));
    socket.addEventListener("close", ({ code, reason }) => this.link === socket && this.lost(code, reason));
  }

  listen(url) {
    const source = new EventSource(url);
    this.link = source;
    source.addEventListener("message", ({ data }) => this.link === source && this.take(JSON.parse(data)));
    source.addEventListener("error", () => {
      if (this.link !== source) return;
      source.close();
      this.lost(0, "");
    });
  }

  lost(code, reason) {
    this.link = null;
    clearTimeout(this.timers.silent);
    if (!this.wanted) return;
    if (NEVER_AGAIN.has(code)) {
      this.say("refused", { code, reason });
      return;
    }
    this.again(this.pauseMs(code, reason));
  }

  /** As long as the server said, once; else anything up to a limit that doubles with each attempt. */
  pauseMs(code, reason) {
    const told = this.toldMs ?? RETRY_TOLD.exec(reason)?.[1];
    this.toldMs = null;
    if (told !== undefined) return Math.min(Number(told), RETRY_TOLD_MOST_MS);
    const most = Math.min(RETRY_MOST_MS, RETRY_LEAST_MS * 2 ** this.attempts++);
    return Math.random() * (code === RESTART ? Math.max(most, RESTART_SPREAD_MS) : most);
  }

  again(afterMs) {
    clearTimeout(this.timers.retry);
    this.timers.retry = setTimeout(() => this.connect(), afterMs);
  }

  /** Another connection, going on from here. */
  relink() {
    this.link?.close();
    this.lost(0, "");
  }

  take(frame) {
    this.heard();
    if ("zone_ms" in frame) {
      this.clock = { zoneMs: frame.zone_ms, rate: frame.rate, heardMs: performance.now() };
    }
    if (frame.build) this.checkBuild(frame.build);
    switch (frame.type) {
      case "hello":
        this.attempts = 0;
        break;
      case "bye":
        this.toldMs = frame.retry_ms;
        break;
      case "snapshot":
        this.show(frame.state, null, frame);
        break;
      case "event":
        this.follow(frame);
        break;
      case "estimates":
        if (this.state) this.show(merge(this.state, frame.patch), frame.patch);
        break;
    }
    /* A server that has lost its own store says so. */
    if (this.state) this.is(frame.current === false ? "stale" : "live");
  }

  follow(frame) {
    const here = this.position;
    if (!here || frame.epoch !== here.epoch || frame.prev !== here.seq) {
      this.startOver();
      return;
    }
    this.show(merge(this.state, frame.patch), frame.patch, frame);
    this.say("event", { event: frame.event, state: this.state, sentMs: frame.sent_ms });
  }

  /** Something is missing: forget, and ask for a snapshot. */
  startOver() {
    this.position = null;
    this.relink();
  }

  show(state, patch, moved) {
    this.state = state;
    if (moved) this.position = { epoch: moved.epoch, seq: moved.seq };
    this.say("state", { state, patch });
  }

  checkBuild(build) {
    if (this.build && this.build !== build) this.say("upgrade", { build });
    this.build = build;
  }

  heard() {
    this.heardMs = Date.now();
    if (this.link) this.expect();
    clearTimeout(this.timers.stale);
    clearTimeout(this.timers.dead);
    this.timers.stale = setTimeout(() => this.is("stale"), STALE_MS);
    this.timers.dead = setTimeout(() => this.is("dead"), DEAD_MS);
  }

  is(health) {
    if (this.health === health) return;
    this.health = health;
    this.say("health", { health });
  }

  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
