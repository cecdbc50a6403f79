// Millimetres on this very screen, from its diagonal and its pixels: what must be reached or read is sized in them. The
// screen is asked, not the window, so that a browser's zoom still enlarges everything.

const MM_PER_INCH = 25.4;
/** Type as a share of the screen's shorter side, within what is read at arm's length. */
const TYPE_SHARE = 0.022;
const TYPE_LEAST_MM = 3.6;
const TYPE_MOST_MM = 6.5;
/** Below, languages and aids are behind one button each. */
const ROOMY_MM = 180;
/** Below, everything else at the foot has one row. */
const TINY_MM = 125;
const LANGUAGE_MM = 36;

export const pxPerMm = (inches) => Math.hypot(screen.width, screen.height) / (inches * MM_PER_INCH);

/** Sets the tokens now and whenever the window changes, then calls `scaled`. */
export function scale(root, scaled) {
  const inches = Number(root.dataset.screenInches);
  const measure = () => {
    const mm = pxPerMm(inches);
    const shortMm = Math.min(screen.width, screen.height) / mm;
    const typeMm = Math.min(TYPE_MOST_MM, Math.max(TYPE_LEAST_MM, shortMm * TYPE_SHARE));
    const { style } = document.documentElement;
    style.setProperty("--mm", `${mm}px`);
    style.setProperty("--kiosk-type", `${typeMm * mm}px`);
    root.dataset.room = innerHeight / mm < ROOMY_MM ? "small" : "roomy";
    root.dataset.shape = innerHeight > innerWidth ? "tall" : "wide";
    const languages = root.querySelectorAll(".kiosk-languages [data-speak]").length;
    const inOneRow = languages * LANGUAGE_MM <= innerWidth / mm;
    const isTiny = innerHeight / mm < TINY_MM;
    root.toggleAttribute("data-tiny", isTiny);
    root.toggleAttribute("data-many-languages", isTiny || (root.dataset.room === "small" && (!inOneRow || languages > 3)));
    scaled();
  };
  addEventListener("resize", measure);
  measure();
}
