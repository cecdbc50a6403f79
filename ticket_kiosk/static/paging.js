// A list that is longer than the screen comes in pages: nothing gets smaller, nothing is cut off, nobody has to swipe.

/** With a keypad, each choice of a page has one digit. */
const KEYPAD_MOST = 6;
const COLUMN_LEAST_MM = 70;
/** In heights of its type: a long word still has its line. */
const COLUMN_LEAST_REM = 15;
const COLUMN_WANTED_MM = 120;
const COLUMNS_MOST = 4;

const isKeypadMost = (isKeypad) => (isKeypad ? KEYPAD_MOST : Infinity);

class Paging {
  #signature = "";
  #pages = [];
  #page = 0;
  #columns = 1;

  get count() {
    return this.#pages.length;
  }

  get number() {
    return this.#page + 1;
  }

  begin() {
    this.#page = 0;
    this.#signature = "";
  }

  turn() {
    this.#page = (this.#page + 1) % Math.max(1, this.#pages.length);
  }

  /** Shows one page of `items` (all others are hidden). `pager(isNeeded)` shows or hides the button that turns. */
  layOut(frame, items, pager, { columns = null, most = isKeypadMost } = {}) {
    const isKeypad = Boolean(frame.closest("[data-keypad]"));
    const signature = [innerWidth, innerHeight, document.documentElement.lang, isKeypad, frame.closest("[data-kiosk]").dataset.large]
      .concat(items.map((item) => item.textContent.length))
      .join();
    const held = document.activeElement;
    if (signature !== this.#signature) this.#measure(frame, items, pager, Math.min(most(isKeypad), items.length), columns);
    this.#signature = signature;
    this.#page = Math.min(this.#page, this.#pages.length - 1);
    this.#show(frame, items, ...(this.#pages[Math.max(0, this.#page)] ?? [0, 0]));
    this.#setColumns(frame, this.#columns);
    pager(this.#pages.length > 1);
    /* What was hidden for a moment has lost the focus. */
    if (held !== document.activeElement && held?.isConnected) held.focus({ preventScroll: true });
  }

  #measure(frame, items, pager, most, columns) {
    pager(false);
    const [least, greatest] = columns ?? columnsOf(frame);
    for (let n = least; n <= greatest; n++) {
      this.#setColumns(frame, n);
      this.#pages = [[0, this.#fill(frame, items, 0, most, this.#room(frame, items))]];
      if (this.#pages[0][1] >= items.length) return;
    }
    pager(true);
    this.#pages = [];
    const room = this.#room(frame, items);
    for (let start = 0; start < items.length; ) {
      const end = this.#fill(frame, items, start, most, room);
      this.#pages.push([start, end]);
      start = end;
    }
  }

  #setColumns(frame, n) {
    this.#columns = n;
    frame.dataset.columns = n;
    frame.style.setProperty("--columns", n);
  }

  /** How high the list may be, with everything else of the screen in its place. */
  #room(frame, items) {
    this.#show(frame, items, 0, 0);
    frame.toggleAttribute("data-measuring", true);
    const height = frame.getBoundingClientRect().height;
    frame.toggleAttribute("data-measuring", false);
    return height;
  }

  #fill(frame, items, start, most, room) {
    let end = start;
    while (end < items.length && end - start < most) {
      this.#show(frame, items, start, end + 1);
      if (end > start && frame.getBoundingClientRect().height > room + 1) break;
      end++;
    }
    return end;
  }

  #show(frame, items, start, end) {
    const shown = new Set(items.slice(start, end));
    for (const item of frame.querySelectorAll("[data-choice]")) hide(item, !shown.has(item));
    for (const heading of frame.querySelectorAll("[data-choice-zone]")) {
      const zone = heading.dataset.choiceZone;
      hide(heading, ![...shown].some((item) => item.dataset.zone === zone));
    }
  }
}

/** What comes in pages. */
export class Paged {
  paging = new Paging();

  get isWhole() {
    return this.paging.count <= 1;
  }

  /** From its first page on. */
  begin() {
    this.paging.begin();
  }

  turn() {
    this.paging.turn();
  }
}

function hide(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

function columnsOf(frame) {
  const style = getComputedStyle(document.documentElement);
  const mm = parseFloat(style.getPropertyValue("--mm"));
  const leastMm = Math.max(COLUMN_LEAST_MM, (COLUMN_LEAST_REM * parseFloat(style.fontSize)) / mm);
  const widthMm = frame.clientWidth / mm;
  const isWide = innerWidth > innerHeight;
  const least = isWide ? Math.max(1, Math.min(3, Math.floor(widthMm / COLUMN_WANTED_MM))) : 1;
  return [least, Math.max(least, Math.min(COLUMNS_MOST, Math.floor(widthMm / leastMm)))];
}
