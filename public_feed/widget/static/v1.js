// <wartezone-waits zone="..." lang="de" theme="auto"></wartezone-waits>: how long the wait is, on any page.
// No words, no dependency, no cookie: the server says every sentence. docs/feed.md has attributes and custom properties.

const HOME = new URL(".", import.meta.url);
const POLL_MS = 15_000;
const POLL_SPREAD_MS = 5_000;
const LOOK_MS = 5_000;

const STYLE = `
:host { display: block; container-type: inline-size; --t: var(--wartezone-text, #131a2e); --m: var(--wartezone-muted, #414a63);
  --b: var(--wartezone-background, #ffffff); --l: var(--wartezone-line, #c3cadc); --a: var(--wartezone-accent, #1b3a8f);
  --w: var(--wartezone-warning, #663c00); --s: var(--wartezone-warning-background, #ffedc9); color-scheme: light; }
:host([theme="dark"]) { --t: var(--wartezone-text, #f0f3fb); --m: var(--wartezone-muted, #c0c8dc); --b: var(--wartezone-background, #161d31);
  --l: var(--wartezone-line, #36405c); --a: var(--wartezone-accent, #b3c8ff); --w: var(--wartezone-warning, #ffdc9a);
  --s: var(--wartezone-warning-background, #422c05); color-scheme: dark; }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { --t: var(--wartezone-text, #f0f3fb); --m: var(--wartezone-muted, #c0c8dc);
  --b: var(--wartezone-background, #161d31); --l: var(--wartezone-line, #36405c); --a: var(--wartezone-accent, #b3c8ff);
  --w: var(--wartezone-warning, #ffdc9a); --s: var(--wartezone-warning-background, #422c05); color-scheme: dark; } }
:host([hidden]), [hidden] { display: none !important; }
section { box-sizing: border-box; padding: 1rem; color: var(--t); background: var(--b); border: 1px solid var(--l);
  border-radius: var(--wartezone-radius, 0.75rem); font: 1rem/1.4 var(--wartezone-font, system-ui, sans-serif); text-align: start; }
p { margin: 0; }
.name { font-size: 1.25rem; font-weight: 700; }
.muted { color: var(--m); font-size: 0.9375rem; }
.stale { margin-block: 0.75rem 0; padding: 0.5rem 0.75rem; border-radius: 0.375rem; color: var(--w); background: var(--s); }
ul { margin: 0.75rem 0; padding: 0; list-style: none; }
li { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; align-items: baseline; padding-block: 0.5rem; border-block-start: 1px solid var(--l); }
.wait { font-weight: 700; }
.queue { flex-basis: 100%; }
@container (max-width: 26rem) { li { flex-direction: column; } }
.foot { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; justify-content: space-between; }
a { color: var(--a); }
a:focus-visible { outline: 3px solid var(--a); outline-offset: 2px; }
`;

function make(tag, options = {}, ...children) {
  const element = Object.assign(document.createElement(tag), options);
  element.append(...children);
  return element;
}

/** A sentence, isolated from the direction of its neighbours; nothing where there is none. */
const say = (tag, className, text) => make(tag, { className, hidden: !text, dir: "auto" }, text ?? "");

class WartezoneWaits extends HTMLElement {
  static observedAttributes = ["zone", "lang"];
  #root = this.attachShadow({ mode: "open" });
  #card = null;
  #askedMs = 0;
  #timers = [];
  #shown = "";

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(make("slot"));
  }

  connectedCallback() {
    const pause = POLL_MS + Math.random() * POLL_SPREAD_MS;
    this.#timers = [setInterval(() => this.#look(pause), LOOK_MS)];
    document.addEventListener("visibilitychange", this.#wake);
    this.#ask();
  }

  disconnectedCallback() {
    this.#timers.forEach(clearInterval);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && before !== after) this.#ask();
  }

  #wake = () => document.hidden || this.#ask();

  #look(pause) {
    this.#age();
    if (!document.hidden && Date.now() - this.#askedMs >= pause) this.#ask();
  }

  async #ask() {
    this.#askedMs = Date.now();
    const zone = this.getAttribute("zone") ?? "";
    const language = this.getAttribute("lang") || this.closest("[lang]")?.lang || "";
    const card = await this.#fetched(zone, language);
    if (!card || zone !== (this.getAttribute("zone") ?? "")) return this.#age();
    this.#card = card;
    this.#show(card);
  }

  /** In that language, in the one that it is a kind of, or in the zone's own. */
  async #fetched(zone, language) {
    const tags = [language, language.split("-")[0]].filter((tag, n, all) => tag && all.indexOf(tag) === n);
    const paths = [...tags.map((tag) => `v1/${encodeURIComponent(zone)}/${encodeURIComponent(tag)}.json`), `v1/${encodeURIComponent(zone)}.json`];
    for (const path of paths) {
      try {
        const answer = await fetch(new URL(path, HOME), { credentials: "omit", referrerPolicy: "no-referrer" });
        if (answer.ok) return await answer.json();
      } catch {
        /* away, or the browser hides a refusal from foreign pages: the next may do */
      }
    }
    return null;
  }

  #show(card) {
    const text = JSON.stringify(card);
    if (text !== this.#shown) {
      this.#shown = text;
      this.#root.replaceChildren(this.#section(card));
    }
    this.#age();
  }

  #section(card) {
    const level = this.getAttribute("level") ?? "2";
    const name = make("p", { className: "name", role: "heading", ariaLevel: level }, card.name);
    const lines = card.lines.map((line) =>
      make("li", {}, say("span", "service", line.name), say("span", "wait", line.wait), say("span", "queue muted", line.queue)),
    );
    const link = make("a", { href: card.link, target: "_top", rel: "noopener" }, card.link_text);
    const foot = make("p", { className: "foot muted" }, say("time", "observed", card.observed), link);
    const stale = make("p", { className: "stale", role: "status", hidden: true }, card.stale);
    const section = make("section", { lang: card.language, dir: card.dir, ariaLabel: card.name }, name);
    section.append(say("p", "open", card.open), stale, make("ul", { role: "list" }, ...lines), foot);
    return section;
  }

  /** What is old says so; what is too old is not shown any more. */
  #age() {
    const card = this.#card;
    if (!card) return;
    const age = card.observed_at === null ? Infinity : (Date.now() - this.#fresh()) / 1000;
    this.#root.querySelector(".stale").hidden = age <= card.stale_s;
    for (const wait of this.#root.querySelectorAll(".wait, .queue, .open")) wait.hidden = age > card.valid_s || !wait.textContent;
  }

  #freshMs = 0;
  #freshOf = null;

  /** When this page first saw what it shows: clocks of visitors may be wrong. */
  #fresh() {
    if (this.#freshOf !== this.#card.observed_at) [this.#freshOf, this.#freshMs] = [this.#card.observed_at, Date.now()];
    return this.#freshMs;
  }
}

customElements.get("wartezone-waits") ?? customElements.define("wartezone-waits", WartezoneWaits);
