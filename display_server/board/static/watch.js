// What a supervisor watches beside the queues: alarms of the house, and at which counters somebody works. Never who.

import { showAlarms } from "../web/js/alarm_list.js";
import { Alarms } from "../web/js/alarms.js";
import { phrase, write } from "../web/js/ranges.js";

const EVERY_MS = 5_000;
const SEATS = "/board/seats";

export function watch() {
  const box = document.querySelector("[data-alarms]");
  if (!box) return;
  showAlarms(Alarms.of(box), box);
  look();
}

async function look() {
  const answer = document.hidden ? null : await fetch(SEATS).catch(() => null);
  if (answer?.ok) showSeats((await answer.json()).seats);
  setTimeout(look, EVERY_MS);
}

/** A closed counter at which nobody works needs no word. */
function showSeats(taken) {
  for (const item of document.querySelectorAll('[data-part="counters"] > [data-id]')) {
    const here = taken[item.closest("[data-zone]").dataset.id]?.includes(item.dataset.id);
    const closed = item.dataset.state === "closed";
    write(item.querySelector('[data-part="seat"]'), here ? phrase("seat-taken") : closed ? "" : phrase("seat-left"));
  }
}
