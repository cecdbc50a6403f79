// The windows that ask for more before a command: which ticket they are about is kept with them.

import { fill } from "../web/js/records.js";

const windowOf = (name) => document.querySelector(`dialog[data-window="${name}"]`);

/** @param about {id, number, state} of the ticket, or null */
export function openWindow(name, about) {
  const dialog = windowOf(name);
  dialog.dataset.ticket = about?.id ?? "";
  fill(dialog, { number: about?.number ?? "" });
  for (const choice of dialog.querySelectorAll("[data-of]")) choice.hidden = !choice.dataset.of.split(" ").includes(about?.state);
  dialog.querySelector("form").reset();
  askForMinutes(dialog);
  dialog.showModal();
}

export function isWindowOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/** The ticket that the open window around `element` is about; "" outside windows. */
export function closeAround(element) {
  const dialog = element.closest("dialog[open]");
  dialog?.close();
  return dialog?.dataset.ticket ?? "";
}

/** Closes windows about tickets that are no longer where they were when it was opened. */
export function closeOutdated(isStillThere) {
  for (const dialog of document.querySelectorAll("dialog[open]")) {
    if (dialog.dataset.ticket && !isStillThere(dialog.dataset.ticket)) dialog.close();
  }
}

/** `run(command, ticketId, values)` is called for each submitted window, once `whenFree()` has settled. */
export function listenToWindows(run, whenFree) {
  for (const dialog of document.querySelectorAll("dialog[data-window]")) {
    const form = dialog.querySelector("form");
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    form.addEventListener("change", () => askForMinutes(dialog));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await whenFree();
      if (!dialog.open) return;
      dialog.close();
      run(form.dataset.command, dialog.dataset.ticket, Object.fromEntries(new FormData(form)));
    });
  }
}

/** The field for minutes counts only with the choice that it belongs to. */
function askForMinutes(dialog) {
  const field = dialog.querySelector('[name="minutes"]');
  if (field) field.disabled = field.closest("label").hidden = dialog.querySelector('[value="after"]:checked') === null;
}
