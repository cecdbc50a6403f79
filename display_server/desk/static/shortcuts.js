// Single keys press the visible button that shows them; they can be switched off (WCAG 2.1.4).

import { isWindowOpen } from "./windows.js";

const KEPT_AS = "desk-shortcuts";
const OFF = "off";
const WRITING = "input:not([type=checkbox]), select, textarea";

export function listenToKeys(checkbox) {
  checkbox.checked = localStorage.getItem(KEPT_AS) !== OFF;
  show(checkbox.checked);
  checkbox.addEventListener("change", () => {
    localStorage.setItem(KEPT_AS, checkbox.checked ? "on" : OFF);
    show(checkbox.checked);
  });
  document.addEventListener("keydown", (event) => {
    if (!checkbox.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isWindowOpen() || event.target.closest(WRITING)) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button || button.hidden || button.disabled) return;
    event.preventDefault();
    button.click();
  });
}

function show(isOn) {
  for (const key of document.querySelectorAll("kbd")) key.hidden = !isOn;
}
