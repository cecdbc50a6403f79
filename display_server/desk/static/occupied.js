// When another page works at this counter: a window that says so, offers what the rule allows, and lets nothing through.

import { clock, phrase, write } from "../web/js/ranges.js";
import { part, say, timeZone } from "./page.js";

const SECOND_MS = 1000;

export function listenToSeat(seat, stream) {
  const dialog = document.querySelector('[data-window="seat"]');
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  part("seat-take").addEventListener("click", () => seat.claim(true));
  seat.addEventListener("seat", () => {
    if (seat.held) return close(dialog);
    const { other, wasHeld } = seat;
    const known = other.for_s !== undefined;
    write(part("seat-title"), phrase(wasHeld ? "seat-lost" : "seat-occupied"));
    write(part("seat-since"), known ? phrase("seat-since", { time: ago(stream, other.for_s), used: ago(stream, other.alone_s) }) : "");
    write(part("seat-why-not"), other.may_take ? "" : phrase("seat-with-visitor"));
    write(part("seat-take"), phrase(wasHeld ? "seat-take-back" : "seat-take"));
    part("seat-take").hidden = !other.may_take;
    if (!dialog.open) open(dialog);
  });
}

function open(dialog) {
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  dialog.showModal();
}

function close(dialog) {
  if (!dialog.open) return;
  dialog.close();
  part("next").focus();
  say(phrase("seat-yours"));
}

const ago = (stream, seconds) => clock(stream.now() - seconds * SECOND_MS * (stream.clock?.rate ?? 1), timeZone);
