// Operation by keypad alone: buttons that are seen get digits, arrows go from one to the next. The digits stand on the
// buttons from the first key on.

const SEEN = "button:not([hidden])";
const OWN_SCREENS = "[data-screen=code], [data-screen=pin]";

export function seenButtons(root) {
  return [...root.querySelectorAll(SEEN)].filter((button) => button.checkVisibility());
}

/** Gives digits to choices first, then to what else the screen offers; buttons with a fixed key keep it. */
export function numberButtons(root) {
  for (const button of root.querySelectorAll("[data-digit-key]")) button.removeAttribute("data-digit-key");
  if (!("keypad" in root.dataset) || root.matches(OWN_SCREENS)) return;
  const seen = seenButtons(root).filter((button) => !button.dataset.key && !button.closest(".kiosk-languages, .kiosk-tools"));
  const choices = seen.filter((button) => "choice" in button.dataset);
  const others = seen.filter((button) => !("choice" in button.dataset));
  [...choices, ...others].slice(0, 9).forEach((button, at) => (button.dataset.digitKey = String(at + 1)));
}

/** The button that this key presses, if any. */
export function buttonOf(root, key) {
  if (root.matches(OWN_SCREENS) && key !== "Escape") return null;
  return seenButtons(root).find(({ dataset }) => dataset.key === key || dataset.digitKey === key);
}

export function moveFocus(root, by) {
  const buttons = seenButtons(root);
  const at = buttons.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : buttons.length - 1) : (at + by + buttons.length) % buttons.length;
  buttons[next]?.focus();
  return buttons[next];
}
