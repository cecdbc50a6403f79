// The windows that ask for more before a command: which ticket they are about is kept with them.

import { fill } from "../web/js/records.js";

const windowOf = (name) => document.querySelector(`dialog[data-window="${name}"]`);

/** @param about {id, number, state} of the ticket, or null */
export function openWindow(name, about = null) {
  const dialog = windowOf(name);
  dialog.dataset.ticket = about?.id ?? "";
  fill(dialog, { number: about?.number ?? "" });
  for (const choice of dialog.querySelectorAll("[data-of]")) choice.hidden = !choice.dataset.of.split(" ").includes(about?.state);
  if (dialog.dataset.keeps === undefined) dialog.querySelector("form").reset();
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

/** `run(command, ticketId, values)` is called for each submitted window, once `whenFree()` has settled. What was focused
 * before gets the focus back, by the browser's own rule for dialogs. */
export function listenToWindows(run, whenFree) {
  for (const dialog of document.querySelectorAll("dialog[data-window]")) {
    const form = dialog.querySelector("form");
    for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
    for (const list of form.querySelectorAll("select")) list.addEventListener("keydown", submitByEnter);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(form, event.submitter));
      await whenFree();
      if (!dialog.open) return;
      dialog.close();
      if (form.dataset.command) run(form.dataset.command, dialog.dataset.ticket, values);
    });
  }
}

/** As in any other field. */
function submitByEnter(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.currentTarget.form.requestSubmit();
}
