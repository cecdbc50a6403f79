// What a screen reader says of a page that changes all the time: news at once, small changes now and then.

const CALM_MS = 60_000;

export class Spoken {
  /** @param element a visually hidden one with role="status" */
  constructor(element) {
    this.element = element;
    this.text = null;
    this.atMs = performance.now();
  }

  /** Another `state` is said at once, and so is `news` that was not there before; all else after a while of calm. What
   * stands there at first was read with the page. */
  tell(text, state, news = "") {
    const isFirst = this.text === null;
    const isNews = state !== this.state || (news !== "" && news !== this.news);
    Object.assign(this, { state, news });
    if (isFirst) this.text = text;
    if (text === this.text || !(isNews || performance.now() - this.atMs >= CALM_MS)) return;
    this.text = text;
    this.atMs = performance.now();
    this.element.textContent = text.replace(/\s+/g, " ").trim();
  }
}
