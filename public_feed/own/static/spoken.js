// What a screen reader says of a page that changes all the time: news at once, small changes now and then.

const CALM_MS = 60_000;

export class Spoken {
  /** @param element a visually hidden one with role="status"
   *  @param text, state what the page came with: it was read with the page */
  constructor(element, text, state) {
    Object.assign(this, { element, text, state, news: "", atMs: performance.now() });
  }

  /** Another `state` is said at once, and so is `news` that was not there before; all else after a while of calm. */
  tell(text, state, news = "") {
    const isNews = state !== this.state || (news !== "" && news !== this.news);
    Object.assign(this, { state, news });
    if (text === this.text || !(isNews || performance.now() - this.atMs >= CALM_MS)) return;
    this.text = text;
    this.atMs = performance.now();
    this.element.textContent = text;
  }
}
