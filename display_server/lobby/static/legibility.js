// From how far the called number can be read: EN 301 549 wants capitals at least as high as the distance / 82. Known from
// the screen's diagonal, its pixels and the font's own capitals.

const MM_PER_INCH = 25.4;
/* EN 301 549: 0.7 degrees. */
const DISTANCE_PER_CAPITAL = 82;
const MM_PER_METRE = 1000;

export class Legibility {
  #inches;

  constructor({ screen_inches: inches }) {
    this.#inches = inches;
  }

  /** From how far this element can be read as it is, in metres. */
  reachM(element) {
    const size = parseFloat(getComputedStyle(element).fontSize);
    const capitalMm = size * capitalShare(element) * this.#mmPerPx();
    return Math.floor((10 * capitalMm * DISTANCE_PER_CAPITAL) / MM_PER_METRE) / 10;
  }

  #mmPerPx() {
    return (this.#inches * MM_PER_INCH) / Math.hypot(innerWidth, innerHeight);
  }
}

/** How high a capital of this element's font is, as a share of its size. */
function capitalShare(element) {
  const { fontFamily, fontWeight } = getComputedStyle(element);
  const ruler = new OffscreenCanvas(1, 1).getContext("2d");
  ruler.font = `${fontWeight} 1000px ${fontFamily}`;
  return ruler.measureText("H").actualBoundingBoxAscent / 1000;
}
